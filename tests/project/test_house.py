"""The plan of the house holds: imports go down, files and functions stay small, nothing points at an outside index."""

import ast
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FLOORS = ["core", "accounts", "media_library", "courses", "knowledge", "analytics"]
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
OUTSIDE_HTTP = {"requests", "httpx", "urllib.request", "urllib3", "http.client", "aiohttp"}
WAY_OUT = Path("core/fetch")
#: It hands youtube-transcript-api a session of core.fetch, in whose words (requests') that library asks.
IN_ITS_WORDS = Path("media_library/sources/youtube/spoken.py")


def tracked(*patterns):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *patterns],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).exists()]


def sources():
    return [path for path in tracked("*.py") if "migrations" not in path.parts and path.parts[0] != "tests"]


def imported(path):
    return names_in((ROOT / path).read_text())


def names_in(text):
    """Of modules, and of what is taken from them, which may be modules too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_outside_http(name):
    return any(name == library or name.startswith(f"{library}.") for library in OUTSIDE_HTTP)


@pytest.mark.parametrize("floor", FLOORS)
def test_imports_go_down_only(floor):
    above = {*FLOORS[FLOORS.index(floor) + 1 :], "config", "tests"}

    upward = [
        f"{p}: {name}" for p in sources() if p.parts[0] == floor for name in imported(p) if name.split(".")[0] in above
    ]

    assert upward == []


def test_files_stay_small():
    long_files = [str(path) for path in sources() if len((ROOT / path).read_text().splitlines()) > LONGEST_FILE]

    assert long_files == []


def test_functions_stay_small():
    long_functions = [
        f"{path}:{node.lineno} {node.name}"
        for path in sources()
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]

    assert long_functions == []


def test_only_the_announcements_connect_floors():
    """No signal receiver anywhere: `hears` in receivers.py is the one way to listen."""
    listening = [
        str(path)
        for path in sources()
        if "django.dispatch" in set(imported(path)) or "django.db.models.signals" in set(imported(path))
    ]
    strays = [str(p) for p in sources() if "@hears(" in (ROOT / p).read_text() and p.name != "receivers.py"]

    assert (listening, strays) == ([], [])


def test_nothing_opens_outside_addresses_by_itself():
    direct = {path for path in sources() if any(is_outside_http(name) for name in imported(path))}

    assert {path.parent for path in direct - {IN_ITS_WORDS}} == {WAY_OUT}
    assert IN_ITS_WORDS in direct


@pytest.mark.parametrize(
    "line",
    ["import requests", "import requests.adapters as a", "from requests.sessions import Session",
     "from http import client", "from urllib import request", "import urllib3.util"],
)  # fmt: skip
def test_a_part_of_an_http_library_is_seen(line):
    assert any(is_outside_http(name) for name in names_in(line))


def test_what_only_begins_like_an_http_library_is_none():
    names = names_in("import requests_toolbelt, http, urllib.parse\nfrom http import HTTPStatus")

    assert [name for name in names if is_outside_http(name)] == []


def test_no_address_of_a_package_index_in_the_tree():
    """Locks carry versions and hashes; where packages come from is the machine's business."""
    hosts = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org"]
    found = subprocess.run(
        ["git", "grep", "-lIF", "--untracked", *(part for host in hosts for part in ("-e", host))],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip

    assert found.stdout.splitlines() == []


def test_nothing_was_left_for_later():
    marker = "TO" + "DO"
    found = subprocess.run(
        ["git", "grep", "-nIw", "--untracked", "-e", marker, "--", "*.py", "*.html", "*.js", ":!static/vendor"],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip

    assert found.stdout == ""
