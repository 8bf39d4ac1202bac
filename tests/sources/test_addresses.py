"""Every form of a host's addresses names its video, and nothing that only looks like one does.

`recordings/<host>/addresses.json`: `same` [[address, key, secret, collection]], `lists` [[address, key]],
`not_one_video` [address], `refused` [address].
"""

import json
from dataclasses import replace

import pytest

from media_library.sources import SOURCES, Collection, NotOneVideo, Reference, recognize
from tests.sources.recording import FOLDER

FEWEST = 8


def addresses_of(name):
    path = FOLDER / name / "addresses.json"
    return json.loads(path.read_text()) if path.exists() else {}


TABLES = {name: addresses_of(name) for name in SOURCES}


def rows(kind):
    return [
        pytest.param(name, row, id=f"{name}-{row if isinstance(row, str) else row[0]}"[:120])
        for name, table in TABLES.items()
        for row in table.get(kind, [])
    ]


@pytest.mark.parametrize(("name", "row"), rows("same"))
def test_an_address_names_its_video(name, row):
    address, key, secret, collection = row

    found = recognize(address)

    assert found == Reference(name, key, secret, collection)


@pytest.mark.parametrize(("name", "row"), rows("same"))
def test_the_one_address_of_a_video_names_it_again(name, row):
    _, key, secret, collection = row
    reference = Reference(name, key, secret, collection)
    bare = replace(reference, collection="")

    address = SOURCES[name].address(reference)

    assert recognize(address) == bare
    assert SOURCES[name].address(bare) == address


@pytest.mark.parametrize(("name", "row"), rows("lists"))
def test_an_address_names_a_list(name, row):
    address, key = row

    assert recognize(address) == Collection(name, key)


@pytest.mark.parametrize(("name", "address"), rows("not_one_video"))
def test_an_address_without_a_video_says_what_to_paste(name, address):
    with pytest.raises(NotOneVideo) as refusal:
        recognize(address)

    assert str(refusal.value.hint).endswith(".")


@pytest.mark.parametrize(("name", "address"), rows("refused"))
def test_a_look_alike_is_refused(name, address):
    assert recognize(address) is None


@pytest.mark.parametrize("name", SOURCES)
def test_enough_addresses_are_tried(name):
    named = "not_one_video" if SOURCES[name].has_lessons else "same"  # lessons come all together, by no address
    counts = [len(TABLES[name].get(kind, [])) for kind in (named, "refused")]

    assert min(counts) >= FEWEST, counts
