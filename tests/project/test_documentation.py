"""README stays true: each variable and command stands in it, and its two commands open their sections."""

import re
from pathlib import Path

from django.conf import settings
from django.core import management as core_management
from django.core.management import find_commands, get_commands

from analytics.registry import ABOUT, EVENT_TYPES
from media_library.sources import SOURCES

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text()
OURS = {"config", "core", "accounts", "media_library", "courses", "knowledge", "analytics"}
READ = re.compile(r'env\.\w+\(\s*"([A-Z0-9_]+)"')


def first_code_block(section):
    return re.search(rf"^## {section}$.*?```sh\n(.*?)\n```", README, re.MULTILINE | re.DOTALL).group(1)


def variables():
    """Those that the settings read, and those that hosts of videos declare."""
    read = {name for path in (ROOT / "config").rglob("*.py") for name in READ.findall(path.read_text())}
    return read | {option.variable for source in SOURCES.values() for option in source.options}


def test_every_variable_stands_in_the_table():
    table = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", README, re.MULTILINE))

    assert table == variables()


def test_every_variable_stands_in_the_example():
    example = set(re.findall(r"^# ([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert example == variables()


def test_every_command_stands_in_the_readme():
    djangos = set(find_commands(core_management.__path__[0]))  # some of which run as the tables' owner here
    ours = {name for name, app in get_commands().items() if app in OURS} - djangos

    assert {name for name in ours if f"`./run {name}" not in README} == set()


def test_every_type_of_event_stands_in_the_readme():
    entries = {
        type: ", ".join(f"`{name}`{'' if one.required else '?'}: {one.words}" for name, one in shape.items()) or "none"
        for type, shape in EVENT_TYPES.items()
    }

    rows = [f"| `{type}` | {ABOUT[type]} | {words} |" for type, words in entries.items()]

    assert [row for row in rows if row not in README] == []


def test_first_commands_are_the_two_that_matter():
    assert (first_code_block("Quick start"), first_code_block("Tests")) == ("./run demo", "./run test")


def test_pictures_exist():
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)

    assert [picture for picture in pictures if not (ROOT / picture).exists()] == []
