"""The picture of a second: a part of one of the sheets that scrubbing shows."""

import math
from dataclasses import dataclass

from knowledge.services.moments import Moment
from media_library.models import Storyboard
from media_library.player import Audience, MediaAddresses


@dataclass(frozen=True)
class Picture:
    """A sheet, `width` × `height` pixels, and the `part` of it to show, as `x y width height`."""

    url: str
    width: int
    height: int
    part: str


def picture_of(moment: Moment, *, slug: str, audience: Audience) -> Picture | None:
    """What is to be seen when it is said; None where no pictures were made."""
    board = moment.media.storyboard
    if board is None or not (board.sheets and board.tiles and board.interval > 0):
        return None
    sheet, place = divmod(min(int(moment.start / board.interval), board.tiles - 1), board.columns * board.rows)
    row, column = divmod(place, board.columns)
    part = (column * board.tile_width, row * board.tile_height, board.tile_width, board.tile_height)
    url = MediaAddresses(moment.media, slug, audience).candidate(board.sheets[sheet])
    return Picture(url, *_size_of(board, sheet), " ".join(map(str, part)))


def _size_of(board: Storyboard, sheet: int) -> tuple[int, int]:
    """The last sheet is as small as its tiles allow."""
    tiles = min(board.tiles - sheet * board.columns * board.rows, board.columns * board.rows)
    columns, rows = min(tiles, board.columns), math.ceil(tiles / board.columns)
    return columns * board.tile_width, rows * board.tile_height
