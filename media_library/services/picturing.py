"""Pictures of a film: sheets of small frames to find a place by, and candidates for its thumbnail."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core.jobs import JobError, Run
from core.tenancy import current_organization_id
from media_library import ffmpeg
from media_library.captions import TimedText, to_webvtt
from media_library.ffmpeg import sheets
from media_library.models import Media, Rendition, Storyboard
from media_library.models.pictures import PREVIEWS
from media_library.services.attempts import (
    command_told,
    errors_told,
    media_to_work_on,
    moved_into_storage,
    progress_between,
    scratch_folder,
    source_file,
)
from media_library.services.frames import join_files, picture_rung, save_frame, segments_of, small_rung
from media_library.services.thumbnails import candidate_path
from media_library.storage import pictures_folder

CANDIDATES = 6
READ = 70.0  # percent of the work that reading the film is, about


@dataclass(frozen=True)
class Film:
    """What the frames are read from; `width` and `height` in pixels as displayed, `duration` in seconds."""

    path: Path
    width: int
    height: int
    duration: float


@dataclass(frozen=True)
class Drawn:
    """What was drawn, complete, in a folder of this attempt; candidates as the row keeps them, `size` in bytes."""

    folder: Path
    tiling: sheets.Tiling
    tiles: int
    sheets: sheets.Sheets
    candidates: list[dict[str, Any]]
    size: int


def draw_pictures(media_id: UUID, *, run: Run) -> None:
    """The storyboard of a film and candidates for its thumbnail; the best becomes it, unless a person chose one.

    Nothing is drawn of sound alone. Raises JobError, LeaseLost.
    """
    media = media_to_work_on(media_id)
    if media.rendition is None or not media.rendition.rungs:
        with run.publish():
            return
    with scratch_folder(run, needs=media.rendition.size_bytes) as scratch, errors_told(run):
        drawn = _draw_from(media, media.rendition, scratch, run=run)
        run.check()
        pictures = pictures_folder(current_organization_id(), media.pk)
        with (
            moved_into_storage(drawn.folder, pictures, run=run, is_published=_is_published) as folder,
            run.publish(),
        ):
            _publish(media, drawn, folder)


def _draw_from(media: Media, rendition: Rendition, scratch: Path, *, run: Run) -> Drawn:
    try:
        return _draw(media, rendition, scratch, run=run)
    except FileNotFoundError as error:
        message = "What had been made playable is not there any more. Please make it playable again."
        raise JobError("rendition_missing", message, detail=str(error), permanent=True) from error


def _draw(media: Media, rendition: Rendition, scratch: Path, *, run: Run) -> Drawn:
    folder = scratch / "pictures"
    folder.mkdir()
    film = _film(media, rendition, scratch)
    tiling = sheets.plan_tiling(width=film.width, height=film.height, duration=film.duration)
    tiles = _read_tiles(film, tiling, scratch / "tiles.rgb", run=run)
    written = sheets.draw_sheets(tiles, folder)
    (folder / PREVIEWS).write_text(previews(tiling, len(tiles), film.duration))
    candidates = _save_candidates(rendition, tiling, tiles, folder, run=run)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return Drawn(folder, tiling, len(tiles), written, candidates, size)


def _film(media: Media, rendition: Rendition, scratch: Path) -> Film:
    """The smallest rendition, or the uploaded file while only large ones have been made: of that, keyframes do."""
    rung = small_rung(rendition)
    shown = rung or picture_rung(rendition)
    segments = segments_of(rendition, shown)
    path = join_files(rendition, segments.files, scratch / "small.mp4") if rung else source_file(media, scratch)
    return Film(path, shown["width"], shown["height"], segments.duration)


def previews(tiling: sheets.Tiling, tiles: int, duration: float) -> str:
    """WebVTT for players: a cue for each tile, its text the sheet, named relatively, and the place on it in pixels."""
    cues = []
    for number in range(tiles):
        start, end = number * tiling.interval, (number + 1) * tiling.interval
        last = number == tiles - 1
        cues.append(TimedText(start, max(duration, end) if last else end, sheets.place_of(number, tiling)))
    return to_webvtt(cues)


def _read_tiles(film: Film, tiling: sheets.Tiling, to: Path, *, run: Run) -> list[Any]:
    command = sheets.tiles_command(tiling, film.path, ffmpeg.sniff(film.path), to)
    report = progress_between(run, 0, READ)
    with command_told(run, command):
        ffmpeg.run(command, duration=film.duration, on_progress=report, should_stop=run.should_stop)
    return sheets.read_tiles(to, tiling)


def _save_candidates(
    rendition: Rendition, tiling: sheets.Tiling, tiles: list[Any], folder: Path, *, run: Run
) -> list[dict[str, Any]]:
    """The most telling one first. `at` in seconds."""
    chosen = sheets.choose_tiles(tiles, count=CANDIDATES)
    report = progress_between(run, READ, 100)
    candidates = []
    for done, number in enumerate(chosen):
        run.check()
        at, file = tiling.moment(number), f"candidate_{done}.jpg"
        save_frame(rendition, at=at, to=folder / file)
        candidates.append({"at": round(at, 3), "file": file})
        report(99.9 * (done + 1) / len(chosen))
    return candidates


def _is_published(folder: str) -> bool:
    return Storyboard.objects.filter(folder=folder).exists()


def _publish(media: Media, drawn: Drawn, folder: str) -> None:
    storyboard = Storyboard.objects.create(
        media=media, folder=folder, sheets=list(drawn.sheets.files), columns=drawn.sheets.columns,
        rows=drawn.sheets.rows, tile_width=drawn.tiling.width, tile_height=drawn.tiling.height,
        interval=drawn.tiling.interval, tiles=drawn.tiles, candidates=drawn.candidates, size_bytes=drawn.size,
    )  # fmt: skip
    # Locked, because a person may be choosing just now.
    held = Media.objects.select_for_update(no_key=True).get(pk=media.pk)
    held.storyboard = storyboard
    if not held.is_thumbnail_chosen:
        held.thumbnail_path = candidate_path(storyboard)
    held.save(update_fields=["storyboard", "thumbnail_path", "updated_at"])
