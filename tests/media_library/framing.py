"""A talk of still slides, as a film that plays, and batches to take its frames into."""

import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from core.errors import Refused
from media_library.batches.batches import save_batch
from media_library.batches.projects import save_project
from media_library.models import Frame, Media, Project, UploadBatch
from media_library.services.uploads import upload_media

SIZE = (1280, 720)
#: What is shown for two seconds each: the second slide has a line more than the first, the third is the second again
#: with the mouse somewhere else, the fourth is another one.
SLIDES = (
    (["Tides"], (100, 600), "navy"),
    (["Tides", "The moon pulls at the sea"], (100, 600), "navy"),
    (["Tides", "The moon pulls at the sea"], (900, 300), "navy"),
    (["Waves", "The wind pushes"], (900, 300), "darkgreen"),
)
SLIDE_SECONDS = 2
DURATION = SLIDE_SECONDS * len(SLIDES)


def draw_slide(lines: list[str], mouse: tuple[int, int], color: str) -> Image.Image:
    picture = Image.new("RGB", SIZE, color)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((80, 80 + 120 * number), line, fill="white", font=ImageFont.load_default(64))
    left, top = mouse
    pen.polygon([(left, top), (left + 18, top + 18), (left, top + 26)], fill="white")
    return picture


def slide_film(folder: Path, ffmpeg: str) -> Path:
    """Eight seconds, with a little noise, as a camera or a screen recorder leaves it."""
    for number, slide in enumerate(SLIDES):
        draw_slide(*slide).save(folder / f"slide_{number}.png")
    film = folder / "slides.mp4"
    command = [
        ffmpeg, "-v", "error", "-nostdin", "-y", "-framerate", f"1/{SLIDE_SECONDS}", "-i", f"{folder}/slide_%d.png",
        "-vf", "fps=10,noise=alls=4:allf=t,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", str(film),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return film


def counted_film(folder: Path, ffmpeg: str) -> Path:
    """Eight seconds at the rate of American television: no frame but the first begins with a second. Of eight in turn
    each has a brightness of its own.
    """
    film = folder / "counted.mp4"
    drawn = "nullsrc=s=640x360:r=30000/1001:d=8,geq=lum='16+27*mod(N,8)':cb=128:cr=128,format=yuv420p"
    command = [
        ffmpeg, "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", drawn, "-c:v", "libx264", "-preset", "ultrafast",
        "-crf", "10", str(film),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    return film


def make_batch(name: str = "Spring", *, project: Project | None = None, by: object) -> UploadBatch:
    home = project or save_project(Project(title="Talks"), by=by)
    return save_batch(UploadBatch(project=home, name=name), by=by)


def bring(film: Path, *, by: object) -> Media:
    return upload_media(ContentFile(film.read_bytes(), name=film.name), by=by)


def seconds_in(batch: UploadBatch) -> list[float]:
    return list(Frame.objects.filter(batch=batch).order_by("second").values_list("second", flat=True))


def refused(code, verb, *arguments, **options):
    with pytest.raises(Refused) as refusal:
        verb(*arguments, **options)
    assert refusal.value.code == code
    return refusal.value
