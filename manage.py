"""The operator's door."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line


def leave_politely(_signal: int, _frame: FrameType | None) -> None:
    """SIGTERM would skip `atexit`, and with it the stop of the embedded database."""
    sys.exit(143)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    signal.signal(signal.SIGTERM, leave_politely)
    execute_from_command_line(sys.argv)
