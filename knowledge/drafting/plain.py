"""Markdown of a model that leads nowhere: whatever it was told to write, it links to nothing. Pure.

People who review a draft may put links in.
"""

import re

_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,30}:)?//\S+|\bwww\.\S+|\b(?:javascript|data|mailto):\S+", re.IGNORECASE)
_TAG = re.compile(r"<(?=[a-z/!?])", re.IGNORECASE)
_JOINT = re.compile(r"\](?=[(\[:])")


def without_links(markdown: str) -> str:
    """Links and pictures become words, tags become text, addresses go."""
    return _JOINT.sub("] ", _TAG.sub("< ", _ADDRESS.sub("", markdown)))
