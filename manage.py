"""The operator's door."""

import gc
import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

#: What a start loads stays. To look through it for garbage after every 700 new objects takes a sixth of the start.
OBJECTS_BETWEEN_LOOKS = 50_000


def leave_politely(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM would skip `atexit`, and with it the stop of the embedded database."""
    sys.exit(143)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS)
    signal.signal(signal.SIGTERM, leave_politely)
    execute_from_command_line(sys.argv)
