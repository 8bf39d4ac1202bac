import pytest

from media_library.sizes import parse_size, written_size


@pytest.mark.parametrize(
    ("text", "size"),
    [("0", 0), ("17", 17), (" 2 GB ", 2 * 10**9), ("1,5 kb", 1500), ("500MiB", 500 * 2**20), ("2 gib", 2**31)],
)
def test_sizes_are_read_as_people_write_them(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", [" ", "GB", "2 XB", "-1 GB", "1 2", "2 GB or so"])
def test_what_is_no_size_is_refused(text):
    with pytest.raises(ValueError, match=text):
        parse_size(text)


@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1024, 2**31, 2 * 10**9, 1234567, 15 * 10**8])
def test_written_size_reads_back_exactly(size):
    assert parse_size(written_size(size)) == size


@pytest.mark.parametrize(("size", "text"), [(2**31, "2 GiB"), (2 * 10**9, "2 GB"), (1234567, "1234567")])
def test_written_size_is_short(size, text):
    assert written_size(size) == text
