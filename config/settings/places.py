"""Where the project lies, and where it keeps what it is given."""

from pathlib import Path

from config.environment import env

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DATA_DIR: Path = env.path("LECTERN_DATA", BASE_DIR / ".lectern")
