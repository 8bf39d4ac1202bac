"""A name is one line of what can be seen."""

import pytest

from core.lines import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Harbor \r\n\t School ", "Harbor School"),
        ("Bob\u2028Pay\x85now", "Bob Pay now"),
        ("a\x00b\ud800c\ue000d", "a b c d"),
        ("\u202eevil\u202c", "evil"),
        ("می\u200cروم 👩\u200d🚀", "می\u200cروم 👩\u200d🚀"),
        ("\n\u202e", ""),
    ],
)
def test_line_keeps_what_is_seen_and_its_blanks_single(text, line):
    assert one_line(text) == line
