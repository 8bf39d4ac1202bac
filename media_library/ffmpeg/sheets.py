"""Small frames of a film at even distances: sheets of them to find a place by, and which of them tell most.

One reading of a small rendition or of keyframes alone; everything after that happens in memory, with Pillow.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ffmpeg
from PIL import Image, ImageStat

from .command import CLEAN, compile_command, open_source
from .errors import MediaError
from .ladder import KEYFRAME_SECONDS
from .sniff import Container

LONG_SIDE, SHORT_SIDE = 160, 90  # pixels that a tile has at most, either way up
MOST_TILES = 200
SHORT_FILM = 60.0  # seconds up to which every second gets a tile
COLUMNS = ROWS = 10
QUALITY = 70
BLACK = 24.0  # mean brightness of 255 below which a frame tells nothing
FLAT = 12.0  # standard deviation of brightness, the same


@dataclass(frozen=True)
class Tiling:
    """How a film is laid out: the size of a tile in pixels, seconds from one to the next."""

    width: int
    height: int
    interval: float

    @property
    def keyframes_only(self) -> bool:
        """Whether keyframes come often enough, so that nothing else need be decoded."""
        return self.interval >= KEYFRAME_SECONDS

    @property
    def tile_bytes(self) -> int:
        return self.width * self.height * 3

    def moment(self, number: int) -> float:
        """The second that tile `number` shows, of a rendition of ours: that of the keyframe where only those count."""
        second = number * self.interval
        return second - second % KEYFRAME_SECONDS if self.keyframes_only else second


@dataclass(frozen=True)
class Sheets:
    """Written sheets: file names in order, columns and rows of a full one."""

    files: tuple[str, ...]
    columns: int
    rows: int


def plan_tiling(*, width: int, height: int, duration: float) -> Tiling:
    """For a picture of this size as displayed, and a film of so many seconds."""
    longest, shortest = max(width, height), min(width, height)
    scale = min(LONG_SIDE / longest, SHORT_SIDE / shortest)
    columns, rows = (max(round(side * scale / 2) * 2, 2) for side in (width, height))
    least = 1.0 if duration <= SHORT_FILM else float(KEYFRAME_SECONDS)
    return Tiling(columns, rows, max(least, math.ceil(duration * 10 / MOST_TILES) / 10))


def tiles_command(tiling: Tiling, source: Path, container: Container, to: Path) -> list[str]:
    """The FFmpeg arguments that write the frames as raw pixels, one after the other; tile n is what second
    n x interval shows, or the keyframe before it.
    """
    opened = open_source(source, container, keyframes_only=tiling.keyframes_only)
    # Rounding up: a frame is shown from its own second on, never before.
    picture = opened["V:0"].filter("fps", fps=f"1/{tiling.interval:g}", round="up", start_time=0)
    picture = picture.filter("scale", tiling.width, tiling.height, flags="area").filter("format", "rgb24")
    options: dict[str, Any] = {"format": "rawvideo", "c:v": "rawvideo", "an": None, "sn": None, **CLEAN}
    told = {"frames:v": MOST_TILES, "progress": "pipe:1", "nostats": None}
    return compile_command(ffmpeg.output(picture, f"file:{to}", **options, **told))


def read_tiles(path: Path, tiling: Tiling) -> list[Image.Image]:
    """What was written. Raises MediaError('no_frames') where that is not even one frame."""
    pixels = path.read_bytes() if path.is_file() else b""
    size, each = (tiling.width, tiling.height), tiling.tile_bytes
    tiles = [Image.frombytes("RGB", size, pixels[at : at + each]) for at in range(0, len(pixels) - each + 1, each)]
    if not tiles:
        raise MediaError("no_frames", detail="no frame could be read")
    return tiles


def draw_sheets(tiles: list[Image.Image], folder: Path) -> Sheets:
    """Write the tiles, row by row, onto as few JPEG sheets of at most 10 x 10 as hold them."""
    full = COLUMNS * ROWS
    batches = [tiles[start : start + full] for start in range(0, len(tiles), full)]
    files = tuple(sheet_name(number) for number in range(len(batches)))
    for file, batch in zip(files, batches, strict=True):
        draw_sheet(batch).save(folder / file, "JPEG", quality=QUALITY, optimize=True)
    return Sheets(files, *grid_of(len(tiles)))


def draw_sheet(tiles: list[Image.Image]) -> Image.Image:
    width, height = tiles[0].size
    columns, rows = grid_of(len(tiles))
    sheet = Image.new("RGB", (columns * width, rows * height))
    for number, tile in enumerate(tiles):
        row, column = divmod(number, COLUMNS)
        sheet.paste(tile, (column * width, row * height))
    return sheet


def sheet_name(number: int) -> str:
    return f"sheet_{number}.jpg"


def place_of(number: int, tiling: Tiling) -> str:
    """Where a tile is, as a media fragment: its sheet; left, top, width and height in pixels."""
    sheet, place = divmod(number, COLUMNS * ROWS)
    row, column = divmod(place, COLUMNS)
    area = (column * tiling.width, row * tiling.height, tiling.width, tiling.height)
    return f"{sheet_name(sheet)}#xywh={','.join(map(str, area))}"


def grid_of(tiles: int) -> tuple[int, int]:
    """Columns and rows that so many tiles take on one sheet, or on a full one."""
    return min(tiles, COLUMNS), min(math.ceil(tiles / COLUMNS), ROWS)


def telling(tile: Image.Image) -> float:
    """How much there is to see, 0-8: the entropy of its brightness; 0 for what is black or of one color."""
    gray = tile.convert("L")
    brightness = ImageStat.Stat(gray)
    if brightness.mean[0] < BLACK or brightness.stddev[0] < FLAT:
        return 0.0
    return gray.entropy()


def choose_tiles(tiles: list[Image.Image], *, count: int) -> list[int]:
    """The numbers of at most `count` tiles, one from each even part of the film, the most telling one first.

    Parts that are black throughout are left out, unless all of them are: then it is the first tile alone.
    """
    scores = [telling(tile) for tile in tiles]
    parts = min(count, len(tiles))
    bounds = [len(tiles) * part // parts for part in range(parts + 1)]
    best = [max(range(start, end), key=scores.__getitem__) for start, end in zip(bounds, bounds[1:], strict=False)]
    chosen = [number for number in best if scores[number] > 0]
    return sorted(chosen, key=scores.__getitem__, reverse=True) or [0]
