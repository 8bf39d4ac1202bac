import importlib
import json
import os
import sys

import django

NAMES = (
    "page", "statements", "transcode", "ladder", "ladder_copy", "remux", "beat", "lockout", "tenancy", "captions",
    "structure", "ingest", "rollup", "backfill", "dashboard", "index", "search", "search_all", "ask", "feed",
)  # fmt: skip


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in NAMES:
        sys.exit(f"usage: python -m tests.benchmarks {{{'|'.join(NAMES)}}}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from tests.benchmarks.ground import ground  # noqa: PLC0415  (models exist only after set-up)

    benchmark = importlib.import_module(f"tests.benchmarks.{sys.argv[1]}")
    with ground() as data:
        print(json.dumps({"benchmark": sys.argv[1], **benchmark.measure(data)}))


main()
