"""Folders in which attempts work, below SCRATCH_DIR of the machine; each one is removed when its attempt ends."""

import re
import shutil
from pathlib import Path

from django.conf import settings

from core.models.job import Job, JobState

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ATTEMPT = re.compile(f"{UUID}-(?P<token>{UUID})")


def clean_scratch() -> int:
    """Remove what attempts that were killed left behind on this machine. Answers how many folders.

    An attempt makes its folder after it claimed its job: a folder that belongs to no running attempt is nobody's.
    """
    folders = {folder: ATTEMPT.fullmatch(folder.name) for folder in _folders()}
    tokens = {folder: name["token"] for folder, name in folders.items() if name}
    running = Job.objects.filter(state=JobState.RUNNING, lease_token__in=tokens.values())
    held = set(map(str, running.values_list("lease_token", flat=True)))
    dead = [folder for folder, token in tokens.items() if token not in held]
    for folder in dead:
        shutil.rmtree(folder, ignore_errors=True)
    return len(dead)


def _folders() -> list[Path]:
    scratch = Path(settings.SCRATCH_DIR)
    return list(scratch.iterdir()) if scratch.is_dir() else []
