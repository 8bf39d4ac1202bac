"""A host of videos is named where it belongs and nowhere else: all other code asks the registry."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from media_library.sources import SOURCES

ROOT = Path(settings.BASE_DIR)
CODE = ("*.py", "*.html", "*.txt", "*.js", "*.css", "*.svg")

#: Where a host may be named (`{}` is its name), and why.
PLACES = {
    "media_library/sources/{}.py": "its adapter",
    "media_library/sources/{}/*": "its adapter, in several files",
    "static/js/players/{}.js": "its player speaks its own language",
}
#: Where every host may be named, and why.
FOR_ALL = {
    "media_library/sources/__init__.py": "the registry: one line for each",
    "media_library/models/media.py": "the union of columns that requirement M1 asks for",
    "media_library/migrations/*": "those columns again",
    "tests/*": "they name what they try; recordings lie in folders of the hosts' names",
    "static/vendor/*": "code of others",
    "requirements*.txt": "names of packages, written by a command",
}


def naming(label):
    """A host's name as a word, in snake_case, and as a part of something in CamelCase."""
    return re.compile(rf"(?<![A-Za-z])(?i:{label})(?![A-Za-z])|(?<![A-Z]){label}(?![a-z])")


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *CODE], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def is_place(path, name):
    """A host whose videos are stored as those of another one knows that one."""
    named = [name, *(lender.name for lender in SOURCES.values() if lender.stored_as == name)]
    places = [pattern.format(one) for pattern in PLACES for one in named]
    return any(path.match(pattern) or fits(path, pattern) for pattern in [*places, *FOR_ALL])


def fits(path, pattern):
    """`folder/*` is all that lies in it, however deep."""
    return pattern.endswith("/*") and path.is_relative_to(pattern.removesuffix("/*"))


@pytest.mark.parametrize("name", SOURCES)
def test_no_other_file_names_a_host(name):
    said = naming(SOURCES[name].label)

    strays = [
        f"{path}:{number}"
        for path in tracked()
        if not is_place(path, name)
        for number, line in enumerate((ROOT / path).read_text().splitlines(), 1)
        if said.search(line)
    ]

    assert strays == []


@pytest.mark.parametrize(
    ("line", "is_named"),
    [
        ('if source == "mux":', True),
        ("mux_playback_id", True),
        ("class MuxPlayer:", True),
        ("const isMux = true", True),
        ("MUX_KEY = 1", True),
        ("REMUX, INSPECT = 50, 40", False),
        ("the file is remuxed by FFmpeg's muxer", False),
        ("multiplexing", False),
    ],
)
def test_a_name_is_seen_in_every_spelling(line, is_named):
    assert (naming("Mux").search(line) is not None) == is_named


def test_every_place_is_there():
    """An exception that nothing needs any more is none."""
    files = tracked()
    unneeded = [pattern for pattern in FOR_ALL if not any(path.match(pattern) or fits(path, pattern) for path in files)]

    assert unneeded == []
