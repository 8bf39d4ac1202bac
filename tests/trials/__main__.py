"""What takes too long, or too much of a machine, for the suite: faults on purpose, counted. One JSON line each."""

import importlib
import json
import os
import sys

import django

NAMES = ("kills", "cluster", "quota", "corpus", "big_upload", "imports", "events", "outsiders", "recall")


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in NAMES:
        sys.exit(f"usage: python -m tests.trials {{{'|'.join(NAMES)}}}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from tests.benchmarks.ground import ground  # noqa: PLC0415  (models exist only after set-up)

    trial = importlib.import_module(f"tests.trials.{sys.argv[1]}")
    with ground() as data:
        print(json.dumps({"trial": sys.argv[1], **trial.measure(data)}))


main()
