"""Front-end libraries kept in the repository, so that nobody needs node to run Lectern.

``static/vendor/vendor.json`` lists them: npm name, version, licence, folder, and for each file its path in the npm
package and the SHA-256 of the file as committed. Files are committed unchanged.
"""

import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MANIFEST_NAME = "vendor.json"
DOWNLOAD_SECONDS = 120


class VendoringFailed(Exception):
    """The package could not be fetched, or what came is not what the manifest promises. The text says which."""


@dataclass(frozen=True)
class VendoredFile:
    """One committed file: where it lies, where it comes from in its package, what it must hash to."""

    package: str  # name@version, as npm understands it
    path: Path
    source: str
    sha256: str


def vendored_files(root: Path) -> Iterator[VendoredFile]:
    """The files that the manifest in ``root`` (static/vendor) promises."""
    for package in json.loads((root / MANIFEST_NAME).read_text()):
        for file in package["files"]:
            path = root / package["folder"] / file["name"]
            yield VendoredFile(f"{package['name']}@{package['version']}", path, file["source"], file["sha256"])


def changed_files(root: Path) -> list[Path]:
    """Promised files that are missing or hash to something else."""
    return [file.path for file in vendored_files(root) if not _is_intact(file)]


def fetch_files(root: Path) -> list[Path]:
    """Downloads every promised file with ``npm pack`` and puts it in place.

    Nothing is written unless all files hash to what the manifest says. Raises VendoringFailed.
    """
    files = list(vendored_files(root))
    with tempfile.TemporaryDirectory() as folder:
        archives = {package: _download(package, Path(folder)) for package in {file.package for file in files}}
        fetched = {file.path: _checked(file, _read(file, archives[file.package])) for file in files}
    for path, content in fetched.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return list(fetched)


def _is_intact(file: VendoredFile) -> bool:
    return file.path.is_file() and hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256


def _checked(file: VendoredFile, content: bytes) -> bytes:
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise VendoringFailed(f"{file.source} of {file.package} has another hash than {MANIFEST_NAME} says")
    return content


def _read(file: VendoredFile, archive: Path) -> bytes:
    """The file's bytes; none for a folder of that name, which then fails the hash."""
    try:
        with tarfile.open(archive) as members, members.extractfile(f"package/{file.source}") or io.BytesIO() as content:
            return content.read()
    except KeyError as missing:
        raise VendoringFailed(f"{file.package} has no {file.source}") from missing


def _download(package: str, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise VendoringFailed("npm is not installed; it is needed only to fetch libraries anew")
    command = [npm, "pack", package, "--silent", "--pack-destination", str(folder)]
    packed = subprocess.run(command, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS, check=False)
    if packed.returncode:
        raise VendoringFailed(f"npm could not fetch {package}: {packed.stderr.strip()}")
    return folder / packed.stdout.split()[-1]
