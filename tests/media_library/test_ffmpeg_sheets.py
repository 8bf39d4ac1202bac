"""Sheets of small frames: right sizes, right seconds, and what is worth showing."""

from pathlib import Path

import pytest
from PIL import Image

from media_library.ffmpeg import MediaError, run, sniff
from media_library.ffmpeg.sheets import (
    Tiling,
    choose_tiles,
    draw_sheets,
    place_of,
    plan_tiling,
    read_tiles,
    telling,
    tiles_command,
)

SMALL = Tiling(16, 10, 2.0)


def tiles_of(path: Path, folder: Path, tiling: Tiling) -> list[Image.Image]:
    raw = folder / "tiles.rgb"
    run(tiles_command(tiling, path, sniff(path), raw), duration=6.0)
    return read_tiles(raw, tiling)


def brightness(tile: Image.Image) -> int:
    """The step of `steps.mp4` that a tile shows."""
    return round(tile.convert("L").getpixel((tile.width // 2, tile.height // 2)) / 42)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def gray(level: int) -> Image.Image:
    return Image.new("RGB", (16, 10), (level, level, level))


def stripes(contrast: int) -> Image.Image:
    """More shades with more contrast."""
    tile = Image.new("L", (16, 10))
    tile.putdata([60 + (n * contrast) % 160 for n in range(160)])
    return tile.convert("RGB")


@pytest.mark.parametrize(
    ("width", "height", "duration", "tiling"),
    [
        (1920, 1080, 120.0, Tiling(160, 90, 2.0)),
        (1080, 1920, 30.0, Tiling(90, 160, 1.0)),
        (640, 640, 60.0, Tiling(90, 90, 1.0)),
        (1920, 800, 3600.0, Tiling(160, 66, 18.0)),
        (320, 180, 12 * 3600.0, Tiling(160, 90, 216.0)),
        (4000, 16, 5.0, Tiling(160, 2, 1.0)),
    ],
)
def test_tiling_fits_the_film(width, height, duration, tiling):
    assert plan_tiling(width=width, height=height, duration=duration) == tiling


@pytest.mark.parametrize("duration", [0.2, 59.0, 61.0, 399.0, 401.0, 5000.0, 43_200.0])
def test_there_are_never_more_than_two_hundred_tiles(duration):
    interval = plan_tiling(width=1920, height=1080, duration=duration).interval

    assert (interval >= 1, duration / interval <= 200) == (True, True)


def test_each_tile_shows_its_own_second(samples, tmp_path):
    tiles = tiles_of(samples["steps.mp4"], tmp_path, Tiling(160, 90, 1.0))

    assert [brightness(tile) for tile in tiles[:6]] == [0, 1, 2, 3, 4, 5]
    assert {tile.size for tile in tiles} == {(160, 90)}


def test_keyframes_alone_show_every_second_step(samples, tmp_path):
    tiles = tiles_of(samples["steps.mp4"], tmp_path, Tiling(160, 90, 2.0))

    assert [brightness(tile) for tile in tiles[:3]] == [0, 2, 4]


def test_film_without_a_frame_is_told(tmp_path):
    with pytest.raises(MediaError) as refusal:
        read_tiles(tmp_path / "nothing.rgb", SMALL)

    assert refusal.value.code == "no_frames"


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(1, [(16, 10)]), (12, [(160, 20)]), (100, [(160, 100)]), (203, [(160, 100), (160, 100), (48, 10)])],
)
def test_sheets_hold_a_hundred_tiles(tmp_path, count, sizes):
    sheets = draw_sheets([gray(n % 256) for n in range(count)], tmp_path)

    assert list(sheets.files) == [f"sheet_{number}.jpg" for number in range(len(sizes))]
    assert [size_of(tmp_path / file) for file in sheets.files] == sizes


def test_place_finds_its_tile(tmp_path):
    tiles = [gray(0)] * 123 + [gray(255)] + [gray(0)] * 10
    draw_sheets(tiles, tmp_path)

    file, _, area = place_of(123, SMALL).partition("#xywh=")
    left, top, width, height = map(int, area.split(","))

    with Image.open(tmp_path / file) as sheet:
        assert sheet.convert("L").getpixel((left + width // 2, top + height // 2)) > 240
    assert (file, area) == ("sheet_1.jpg", "48,20,16,10")


@pytest.mark.parametrize("level", [0, 128, 255])
def test_frames_of_one_color_tell_nothing(level):
    assert telling(gray(level)) == 0.0


def test_more_shades_tell_more():
    assert telling(stripes(7)) > telling(stripes(80)) > 0


def test_one_frame_of_each_part_is_chosen_the_best_first():
    tiles = [gray(0), stripes(80), gray(0), stripes(7), gray(0), gray(0)]

    assert choose_tiles(tiles, count=3) == [3, 1]


def test_few_frames_are_few_candidates():
    assert choose_tiles([stripes(7), stripes(80)], count=6) == [0, 1]


def test_black_film_still_has_a_candidate():
    assert choose_tiles([gray(0)] * 9, count=6) == [0]
