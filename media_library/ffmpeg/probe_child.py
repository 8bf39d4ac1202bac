"""Started as a program: what is in a media file, as one JSON object on standard output.

    python -I probe_child.py /path/to/file mov '{"long_side": 8192, "short_side": 4320, "fps": 120, "duration": 43200}'

It opens the file with PyAV (there is no ffprobe beside the embedded FFmpeg), decodes a frame near the start, the
middle and the end, and reads the last packets. A file that cannot be used is answered with {"error": code, "detail":
words}. Of this project it has only the modules of `probing` beside it: it runs confined and alone.
"""

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.append(str(Path(__file__).resolve().parent))  # which isolated mode leaves out
    importlib.import_module("probing").main(*sys.argv[1:])
