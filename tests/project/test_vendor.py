"""The vendored libraries are the published ones, complete, and load nothing that is not there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from core.vendoring import MANIFEST_NAME, changed_files, vendored_files

VENDOR = Path(settings.BASE_DIR) / "static" / "vendor"
CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=(\S+)")


@pytest.fixture
def small_vendor(tmp_path: Path) -> Path:
    manifest = """[{"name": "tiny", "version": "1.0.0", "license": "MIT", "folder": "tiny-1.0.0", "files": [
        {"name": "tiny.js", "source": "dist/tiny.js",
         "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}]}]"""
    (tmp_path / MANIFEST_NAME).write_text(manifest)
    (tmp_path / "tiny-1.0.0").mkdir()
    return tmp_path


def test_vendored_files_are_as_published() -> None:
    assert changed_files(VENDOR) == []


def test_every_vendored_file_stands_in_the_manifest() -> None:
    on_disk = {path for path in VENDOR.rglob("*") if path.is_file()}

    assert on_disk == {file.path for file in vendored_files(VENDOR)} | {VENDOR / MANIFEST_NAME}


@pytest.mark.parametrize(
    ("content", "changed"),
    [(b"foo", []), (b"fop", ["tiny-1.0.0/tiny.js"]), (None, ["tiny-1.0.0/tiny.js"])],
    ids=["intact", "changed", "missing"],
)
def test_changed_files_names_what_differs(small_vendor: Path, content: bytes | None, changed: list[str]) -> None:
    if content is not None:
        (small_vendor / "tiny-1.0.0" / "tiny.js").write_bytes(content)

    assert changed_files(small_vendor) == [small_vendor / name for name in changed]


def test_stylesheets_refer_to_nothing_missing() -> None:
    missing = [
        (sheet.name, url)
        for sheet in (Path(settings.BASE_DIR) / "static").rglob("*.css")
        for url in CSS_URL.findall(sheet.read_text())
        if not url.startswith("data:") and not (sheet.parent / url).is_file()
    ]

    assert missing == []


def test_source_maps_that_vendored_files_name_are_shipped() -> None:
    """The hashing static storage fails on a map that is not there."""
    missing = [
        (file.path.name, name)
        for file in vendored_files(VENDOR)
        for name in SOURCE_MAP.findall(file.path.read_bytes().decode())
        if not (file.path.parent / name).is_file()
    ]

    assert missing == []
