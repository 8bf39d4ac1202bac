"""Whoever writes a program against podcasts finds each refusal in the README."""

import re
from pathlib import Path

HOUSE = Path(__file__).parents[2]
CODE = re.compile(
    r'(?:Refused|JobError|JobPostponed|UnreadableFeed|_?refusal)\(\s*"([a-z_]+)"|: \("([a-z]+_gone)", _\('
)
#: Of jobs whose subject is gone, and whoever asked: nobody is left to be told.
UNTOLD = {"gone"}


def test_each_code_of_podcasts_stands_in_the_readme():
    texts = [path.read_text() for path in (HOUSE / "media_library" / "podcasts").rglob("*.py")]
    codes = {one or other for text in texts for one, other in CODE.findall(text)} - UNTOLD
    told = set(re.findall(r"`([a-z_]+)`", (HOUSE / "README.md").read_text()))

    assert len(codes) > 40
    assert codes - told == set()
