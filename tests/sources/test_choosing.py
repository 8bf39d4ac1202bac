"""Which of several tracks of captions is taken."""

import pytest

from media_library.sources import SourceError
from media_library.sources.choosing import preferred


def chosen(tracks: str, languages: str) -> str:
    """Of tags, with a `*` behind those of a machine."""
    return preferred(
        tracks.split(), languages.split(), language=lambda one: one.rstrip("*"),
        is_generated=lambda one: one.endswith("*"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tracks", "languages", "track"),
    [
        ("en de", "de en", "de"),
        ("de* en", "de en", "en"),
        ("fr en*", "en", "en*"),
        ("ja* fr", "en", "fr"),
        ("ja* ko*", "en", "ja*"),
        ("pt pt-BR", "pt-br", "pt-BR"),
        ("pt-BR en", "pt en", "pt-BR"),
        ("de-AT de", "de", "de"),
    ],
)
def test_wanted_languages_come_first_and_any_other_last(tracks, languages, track):
    assert chosen(tracks, languages) == track


def test_no_track_is_none():
    with pytest.raises(SourceError) as refused:
        chosen("", "en")

    assert refused.value.code == "captions_absent"
