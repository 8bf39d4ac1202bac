"""The pictures in the storage: `frames/{organization}/{folder of the batch}/{media}/frame_001.jpg`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import F, Max

from core.tenancy import current_organization_id
from media_library.ffmpeg.frames import Shot
from media_library.models import Frame, FrameExtraction
from media_library.storage import frames_folder, store_file


def folder_of(extraction: FrameExtraction) -> str:
    home = frames_folder(current_organization_id())
    return f"{home}/{extraction.batch.folder}/{extraction.media_id}"


def next_number(extraction: FrameExtraction) -> int:
    """One behind all that were ever given in the folder. Runs while the batch is held."""
    folder = folder_of(extraction)
    others = FrameExtraction.objects.filter(batch=extraction.batch_id, media=extraction.media_id)
    given = others.aggregate(last=Max(F("first_number") + F("made")))["last"] or 1
    standing = Frame.objects.filter(path__startswith=f"{folder}/").values_list("path", flat=True)
    return max([given, *(_number(path) + 1 for path in standing)])


@contextmanager
def stored(shots: list[Shot], folder: str, first: int) -> Iterator[list[str]]:
    """The names of the pictures in the storage; they are taken away again where what happens inside fails.

    Stands inside the transaction that writes their rows, behind the fence of the job and with the batch held: nobody
    else writes these names. What an attempt that was killed left there is in the way, and goes.
    """
    names = [f"{folder}/frame_{number:03}.jpg" for number in range(first, first + len(shots))]
    try:
        for name, shot in zip(names, shots, strict=True):
            default_storage.delete(name)
            with shot.path.open("rb") as picture:
                store_file(File(picture), name)
        yield names
    except BaseException:
        for name in names:
            default_storage.delete(name)
        raise


def _number(path: str) -> int:
    digits = PurePosixPath(path).stem.rpartition("_")[2]
    return int(digits) if digits.isdigit() else 0
