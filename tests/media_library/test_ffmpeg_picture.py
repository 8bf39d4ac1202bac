import io

import pytest
from PIL import Image

from media_library.ffmpeg import MediaError, grab_frame, save_thumbnail, sniff, thumbnail_moment

RED = (220, 30, 30)


#: Colors of the huge: a bit a pixel is quickly written.
BLACK_AND_WHITE = {"mode": "1", "color": 1}


def encoded(size=(1600, 900), *, form="PNG", mode="RGB", color=RED, **options) -> io.BytesIO:
    data = io.BytesIO()
    Image.new(mode, size, color).save(data, form, **options)
    data.seek(0)
    return data


def is_near(color, wanted) -> bool:
    return all(abs(a - b) <= 6 for a, b in zip(color, wanted, strict=True))


@pytest.mark.parametrize("name", ["talk.mp4", "talk.webm", "portrait.mp4", "odd.mp4", "talk.avi"])
def test_grab_frame_makes_a_card_picture(samples, tmp_path, name):
    to = tmp_path / "card.jpg"

    grab_frame(samples[name], sniff(samples[name]), at=1.0, to=to)

    with Image.open(to) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (1280, 720), "RGB")
        assert (bool(picture.info.get("progressive")), dict(picture.getexif())) == (True, {})
        assert len(picture.getcolors(maxcolors=2**24)) > 1000


def test_grab_frame_takes_the_moment_asked_for(samples, tmp_path):
    first, later = tmp_path / "first.jpg", tmp_path / "later.jpg"

    for moment, to in ((0.0, first), (3.0, later)):
        grab_frame(samples["talk.mp4"], sniff(samples["talk.mp4"]), at=moment, to=to)

    assert first.read_bytes() != later.read_bytes()


def test_grab_frame_falls_back_to_the_first_frame(samples, tmp_path):
    first, beyond = tmp_path / "first.jpg", tmp_path / "beyond.jpg"

    for moment, to in ((0.0, first), (600.0, beyond)):
        grab_frame(samples["talk.mp4"], sniff(samples["talk.mp4"]), at=moment, to=to)

    assert first.read_bytes() == beyond.read_bytes()


def test_grab_frame_of_sound_finds_none(samples, tmp_path):
    with pytest.raises(MediaError) as refusal:
        grab_frame(samples["tone.mp3"], sniff(samples["tone.mp3"]), at=1.0, to=tmp_path / "card.jpg")

    assert (refusal.value.code, list(tmp_path.iterdir())) == ("no_frames", [])


@pytest.mark.parametrize(("duration", "moment"), [(60.0, 1.0), (2.0, 1.0), (0.8, 0.4)])
def test_thumbnail_moment(duration, moment):
    assert thumbnail_moment(duration) == moment


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_save_thumbnail_takes_three_formats(tmp_path, form):
    save_thumbnail(encoded(form=form), to=tmp_path / "card.jpg")

    with Image.open(tmp_path / "card.jpg") as picture:
        assert (picture.format, picture.size) == ("JPEG", (1280, 720))


def test_save_thumbnail_drops_metadata_and_stands_pictures_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Somebody's camera"

    save_thumbnail(encoded((900, 1600), form="JPEG", exif=exif), to=tmp_path / "card.jpg")

    with Image.open(tmp_path / "card.jpg") as picture:
        assert dict(picture.getexif()) == {}
        assert is_near(picture.getpixel((2, 2)), RED)
    assert b"camera" not in (tmp_path / "card.jpg").read_bytes()


@pytest.mark.parametrize(
    ("size", "fills"), [((1600, 900), True), ((1600, 1000), True), ((1024, 768), False), ((720, 1280), False)]
)
def test_save_thumbnail_fills_the_card_where_little_is_lost(tmp_path, size, fills):
    save_thumbnail(encoded(size), to=tmp_path / "card.jpg")

    with Image.open(tmp_path / "card.jpg") as picture:
        assert (is_near(picture.getpixel((2, 360)), RED), is_near(picture.getpixel((640, 360)), RED)) == (fills, True)


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: io.BytesIO(b""), "not_a_picture"),
        (lambda: io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "not_a_picture"),
        (lambda: encoded(form="GIF"), "not_a_picture"),
        (lambda: io.BytesIO(encoded(form="JPEG").getvalue()[:900]), "not_a_picture"),
        (lambda: encoded((8000, 5001), **BLACK_AND_WHITE), "too_large_picture"),
        (lambda: encoded((20000, 10000), **BLACK_AND_WHITE), "too_large_picture"),
    ],
    ids=["empty", "svg", "gif", "cut", "too_many_pixels", "bomb"],
)
def test_save_thumbnail_refuses_other_content(tmp_path, make, code):
    with pytest.raises(MediaError) as refusal:
        save_thumbnail(make(), to=tmp_path / "card.jpg")

    assert (refusal.value.code, list(tmp_path.iterdir())) == (code, [])
