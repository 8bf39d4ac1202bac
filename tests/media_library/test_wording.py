import pytest

from media_library.languages import language_name, language_tag
from media_library.wording import clock_time, words_for_duration, words_for_size


@pytest.mark.parametrize(
    ("seconds", "words", "clock"),
    [
        (None, "", ""),
        (0, "0 s", "0:00"),
        (59.4, "59 s", "0:59"),
        (59.9, "1 min", "0:59"),
        (750, "12 min", "12:30"),
        (3599, "1 h 00 min", "59:59"),
        (3900, "1 h 05 min", "1:05:00"),
    ],
)
def test_lengths_in_words(seconds, words, clock):
    assert (words_for_duration(seconds), clock_time(seconds)) == (words, clock)


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (950, "950 B"),
        (12_300, "12 kB"),
        (3_400_000, "3.4 MB"),
        (2_147_483_648, "2.1 GB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_sizes_in_words(size, words):
    assert words_for_size(size) == words


@pytest.mark.parametrize(
    ("code", "tag", "name"),
    [
        ("eng", "en", "English"),
        ("ger", "de", "Deutsch"),
        ("DEU", "de", "Deutsch"),
        ("und", "en", "English"),
        ("xho", "xho", "xho"),
    ],
)
def test_languages_of_tracks(code, tag, name):
    assert (language_tag(code), language_name(language_tag(code))) == (tag, name)
