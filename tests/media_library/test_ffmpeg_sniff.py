import gzip
import io
import zipfile

import pytest

from media_library.ffmpeg import MediaError, sniff


@pytest.mark.parametrize(
    ("name", "container", "demuxer", "mime_type"),
    [
        ("talk.mp4", "mp4", "mov", "video/mp4"),
        ("talk.webm", "webm", "matroska", "video/webm"),
        ("talk.mkv", "mkv", "matroska", "video/x-matroska"),
        ("talk.avi", "avi", "avi", "video/x-msvideo"),
        ("tone.mp3", "mp3", "mp3", "audio/mpeg"),
        ("tone.m4a", "m4a", "mov", "audio/mp4"),
        ("tone.wav", "wav", "wav", "audio/wav"),
        ("tone.flac", "flac", "flac", "audio/flac"),
        ("tone.ogg", "ogg", "ogg", "audio/ogg"),
    ],
)
def test_sniff_names_container_by_content(samples, tmp_path, name, container, demuxer, mime_type):
    disguised = tmp_path / "homework.txt"
    disguised.write_bytes(samples[name].read_bytes())

    found = sniff(disguised)

    assert (found.name, found.demuxer, found.mime_type) == (container, demuxer, mime_type)


def test_sniff_knows_mp3_without_a_tag(samples, tmp_path):
    bare = tmp_path / "bare"
    data = samples["tone.mp3"].read_bytes()
    bare.write_bytes(data[data.index(b"\xff\xfb") :])

    assert sniff(bare).name == "mp3"


def zip_archive() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("talk.mp4", b"ftyp")
    return archive.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"Dear all, here is my film.\n", "not_media"),
        (b"<!doctype html><video src='talk.mp4'></video>", "not_media"),
        (b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1/a.ts\n", "not_media"),
        (b"ffconcat version 1.0\nfile 'file:///etc/passwd'\n", "not_media"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "not_media"),
        (b"\x00\x00\x00\x18ftypavif" + bytes(64), "not_media"),
        (zip_archive(), "not_media"),
        (gzip.compress(b"film"), "not_media"),
        (b"FLV\x01\x05" + bytes(64), "unsupported_format"),
        (b"FORM\x00\x00\x00\x00AIFF" + bytes(64), "unsupported_format"),
        ((b"\x47" + bytes(187)) * 5, "unsupported_format"),
        (b"\xff\xf1\x50\x80" + bytes(64), "unsupported_format"),
    ],
    ids="empty text html playlist concat png avif zip gzip flv aiff transport_stream raw_aac".split(),  # noqa: SIM905
)
def test_sniff_refuses_what_is_no_recording(tmp_path, content, code):
    path = tmp_path / "film.mp4"
    path.write_bytes(content)

    with pytest.raises(MediaError) as refusal:
        sniff(path)

    assert (refusal.value.code, refusal.value.permanent) == (code, True)
