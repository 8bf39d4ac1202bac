"""Every bad file ends with the code that its creator is told; none reaches an address or another file."""

import os
import socket

import pytest

from media_library import ffmpeg
from tests.corpus import PLAYS, build


@pytest.fixture
def listener():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.setblocking(False)
        yield server


def code_of(path):
    try:
        ffmpeg.probe(path, ffmpeg.sniff(path))
    except ffmpeg.MediaError as error:
        return error.code
    return PLAYS


def test_bad_files_end_with_their_codes_and_reach_nothing(listener, tmp_path):
    corpus = build(tmp_path, port=listener.getsockname()[1])
    os.utime(tmp_path / "canary.txt", (0, 1_000_000_000))

    codes = {bad.name: code_of(bad.path) for bad in corpus}

    assert codes == {bad.name: bad.code for bad in corpus}
    assert len(corpus) == 88
    assert (tmp_path / "canary.txt").stat().st_atime == 0
    with pytest.raises(BlockingIOError):
        listener.accept()
