import pytest

from media_library.ffmpeg import choose_subtitles, extract_subtitles, probe, sniff

ENGLISH = "WEBVTT\n\n00:00.500 --> 00:01.500\nGood morning\n"
GERMAN = "WEBVTT\n\n00:00.500 --> 00:01.500\nGuten Morgen\n"


def read_subtitles(path, language=""):
    container = sniff(path)
    track = choose_subtitles(probe(path, container), language=language)
    return extract_subtitles(path, container, track)


@pytest.mark.parametrize(("language", "text"), [("", ENGLISH), ("eng", ENGLISH), ("ger", GERMAN), ("fre", ENGLISH)])
def test_subtitles_of_the_preferred_language_else_the_first(samples, language, text):
    assert read_subtitles(samples["captioned.mkv"], language) == text


def test_subtitles_inside_mp4(samples):
    assert read_subtitles(samples["captioned.mp4"]) == ENGLISH


def test_subtitles_of_a_film_without_any(samples):
    source = samples["talk.mp4"]

    assert choose_subtitles(probe(source, sniff(source))) is None
