"""1,000 pasted addresses against a host on loopback, with a real server and a real worker, and the same again.

Counted: seconds until the page answered, seconds until every row had ended, what they ended in, and what the second
time added.
"""

import re
import sys
import time
from pathlib import Path
from typing import Any

import requests
from django.urls import reverse

from core.models import Job
from core.tenancy import organization_scope
from media_library.models import Import, ImportRow, Media
from media_library.services.importing import counts_of
from media_library.sources import SOURCES
from tests.benchmarks.people import found, maker, session_of
from tests.benchmarks.servers import served
from tests.processes import running, wait_until
from tests.sources.stand_in import StandIn

ADDRESSES, MANY_TIMES = 1_000, 3
OEMBED = {"type": "video", "title": "Tides", "author_name": "Ann", "author_url": "", "thumbnail_url": "", "html": ""}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def measure(data: Path) -> dict[str, Any]:
    organization = found()
    session = session_of(maker(organization))
    text = "\n".join(f"https://www.youtube.com/watch?v={number:011d}" for number in range(ADDRESSES))
    host = StandIn()
    host.play([{"path": "/oembed", "json": OEMBED}])
    try:
        with (
            served("config.settings", data) as port,
            running(sys.executable, "manage.py", "run_worker", data=data, **_aimed_at(host.origin)),
            organization_scope(organization),
        ):
            page = Page(port, session)
            page.read()  # as a person who opens it
            first = _imported(page, text)
            again = [_imported(page, text) for _ in range(MANY_TIMES)]
            return {
                "addresses": ADDRESSES, "first": first, "again": again, "media": Media.objects.count(),
                "asked_of_the_host": Job.objects.filter(kind="describe_media").count(),
            }  # fmt: skip
    finally:
        host.close()


class Page:
    """The form, as a browser has it."""

    def __init__(self, port: int, session: str) -> None:
        self.address = f"http://127.0.0.1:{port}{reverse('admin:media_library_media_import')}"
        self.browser = requests.Session()
        self.browser.cookies.set("sessionid", session)

    def read(self) -> str:
        found = TOKEN.search(self.browser.get(self.address, timeout=60).text)
        assert found is not None
        return found[1]

    def send(self, text: str) -> float:
        """Seconds until it answered."""
        form = {"addresses": text, "import": "1", "csrfmiddlewaretoken": self.read()}
        began = time.monotonic()
        answer = self.browser.post(self.address, form, allow_redirects=False, timeout=120)
        took = time.monotonic() - began
        assert answer.status_code == 302, answer.text[:500]
        return took


def _imported(page: Page, text: str) -> dict[str, Any]:
    began = time.monotonic()
    took = page.send(text)
    batch = Import.objects.latest("pk")
    waiting = ImportRow.objects.filter(batch=batch, state="waiting")
    wait_until(lambda: not waiting.exists(), seconds=600, what="every row has ended")
    return {
        "page_answered_after": round(took, 3),
        "all_rows_ended_after": round(time.monotonic() - began, 1),
        **{state: count for state, count in counts_of([batch])[batch.pk].items() if count},
    }


def _aimed_at(origin: str) -> dict[str, str]:
    """Environment under which every address of every host is this one."""
    options = [option for source in SOURCES.values() for option in source.options]
    return {one.variable: origin for one in options if isinstance(one.default, str) and "://" in one.default}
