"""Makes the demo media anew: three films and the course cover, beside this file.

    python -m media_library.demo.make_talks

Needs the program espeak-ng (the speech) and the DejaVu fonts (the slides) on the machine; neither is needed to use
the finished files. Takes about a minute.
"""

import sys
import tempfile
from pathlib import Path

from media_library.demo.film import make_film
from media_library.demo.slides import draw_cover, draw_slides
from media_library.demo.speech import SynthesizerMissingError, narrate
from media_library.demo.talks import COVER_PATH, TALKS, Talk


def main() -> int:
    """Make everything; the exit status is 1 if the synthesizer is missing."""
    try:
        for talk in TALKS:
            _report(make_talk(talk))
    except SynthesizerMissingError as missing:
        sys.stderr.write(f"{missing}\n")
        return 1
    _report(make_cover())
    return 0


def make_talk(talk: Talk) -> Path:
    """Draw, speak and encode one talk; answers the finished film."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_film(talk, draw_slides(talk), narrate(talk, folder=folder), folder=folder)
    return talk.path


def make_cover() -> Path:
    """Draw the course cover; answers the finished picture."""
    draw_cover().save(COVER_PATH, quality=88, optimize=True)
    return COVER_PATH


def _report(path: Path) -> None:
    sys.stdout.write(f"{path.name}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    sys.exit(main())
