"""Letters without their accents: whoever types `cafe` finds a café. `knowledge_folded` does the same in SQL."""

import unicodedata

#: What Unicode does not take apart.
LETTERS = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i"}
PAIRS = {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
_WHOLE = str.maketrans(LETTERS | PAIRS)
_ACCENTS = range(0x0300, 0x0370)


def folded(text: str) -> str:
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(sign for sign in apart if ord(sign) not in _ACCENTS)
    return unicodedata.normalize("NFC", bare).translate(_WHOLE)


def folded_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place in `text` that it comes from."""
    pieces = [folded(sign) for sign in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]
