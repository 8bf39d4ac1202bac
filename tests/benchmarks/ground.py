"""A database and a folder of a benchmark's own, and rounds that take turns."""

import contextlib
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test.utils import setup_databases, setup_test_environment, teardown_databases, teardown_test_environment


@contextlib.contextmanager
def ground() -> Iterator[Path]:
    """An empty, migrated database and a folder for files; both gone afterwards."""
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_lectern_benchmark_{os.getpid()}"
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=set())
    try:
        with tempfile.TemporaryDirectory() as folder:
            data = Path(folder)
            settings.MEDIA_ROOT, settings.SCRATCH_DIR, settings.STATIC_ROOT = (
                data / "media",
                data / "scratch",
                data / "static",
            )
            settings.UPLOADS_DIR = data / "uploads"
            settings.STORAGES["default"]["OPTIONS"]["location"] = data / "media"
            call_command("collectstatic", interactive=False, verbosity=0)
            yield data
    finally:
        teardown_databases(databases, verbosity=0)
        teardown_test_environment()


def alternate(
    ours: Callable[[], float], theirs: Callable[[], float], *, rounds: int
) -> tuple[list[float], list[float]]:
    """One warm-up each, then so many rounds in turn, the first place changing."""
    ours(), theirs()
    first, second = [], []
    for number in range(rounds):
        for side, figures in ((ours, first), (theirs, second))[:: 1 if number % 2 == 0 else -1]:
            figures.append(side())
    return first, second


def summary(figures: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(figures), 2),
        "min": round(min(figures), 2),
        "max": round(max(figures), 2),
    }


def ratio(ours: list[float], theirs: list[float]) -> float:
    return round(statistics.median(ours) / statistics.median(theirs), 3)
