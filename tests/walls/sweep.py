"""Making all the tries and judging what comes back."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import zip_longest
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from psycopg.pq import TransactionStatus

from tests.walls.actors import Actor
from tests.walls.bodies import FILE, Body
from tests.walls.links import signed
from tests.walls.register import For, class_of
from tests.walls.routes import Route, routes
from tests.walls.tables import NOBODYS, fingerprint, writes
from tests.walls.tries import Ground, Tries, Try
from tests.world import CANARY

TOKEN = re.compile(rf"{CANARY}-[a-z]+-[a-z_]+")
#: Headers that may differ: the length is that of a body whose restless words differ; Vary says whether the session was
#: loaded, which the first opening of a signed link does and the next does not.
UNTOLD = ("Content-Length", "Vary")
#: What differs from one answer to the next by itself.
RESTLESS = re.compile(
    r'name="csrf(?:middlewaretoken|-token)" (?:value|content)="[^"]*"|nonce="[^"]*"|Expires: .*'
    r"|[\d.]+\s(?:ms|seconds?|minutes?)(?:\sago)?|\ba\s(?:second|minute)\sago|\bnow\b"
    r'|"seconds":\d+,"expires_at":"[^"]*"|data-links-seconds="\d+"'  # of a link
    r"|data:image/svg\+xml;base64,[\w+/=]+|\b[A-Z2-7]{32}\b"  # a second factor's seed, new in each answer
    r'|:[\w-]{43}"'  # the signature in a visit's key
    r"|feeds(?:/|%2F)[\w-]{43}"  # the token of a private feed, new in each answer
    r"|[0-9a-f]{8}-[0-9a-f-]{27}"  # keys of rows just made; foreign ones are looked for on their own
)
HIDDEN = (401, 404, 405)
UUID_LETTERS = 36
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)  # one pixel
LOG_IN = ("/accounts/login/", "/admin/login/", "/accounts/reauthenticate/")

#: Whoever is let into A without having been let into anything: what the catalog says of its courses.
CATALOG = frozenset(
    f"{CANARY}-{name}"
    for name in (
        "organization-name", "organization-logo_path", "organization-file", "course-title", "course-slug",
        "course-description", "course-objectives", "course-certificate_signer",
        "course-file", "course-thumbnail_path", "chapter-title",
        "chapter-description",
        "contentitem-title", "contentitem-description", "user-name", "media-file", "libraryimage-file",
        "collection-title", "collection-slug", "collection-description",
    )
)  # fmt: skip
#: A customer without a grant sees whose pages these are, and images by their address.
FRAME = frozenset(
    f"{CANARY}-{name}"
    for name in ("organization-name", "organization-logo_path", "organization-file", "libraryimage-file")
)
#: Tables that one writes by joining A where its doors are open, and by learning there.
LEARNING = frozenset({
    "courses_enrollment", "courses_completion", "courses_attempt", "courses_submission",
    "courses_submissionfile", "courses_resource", "media_library_watchsession",
    "media_library_watchrecord", "analytics_event", "core_auditentry", "core_job", "accounts_membership",
})  # fmt: skip


@dataclass
class Findings:
    """What the sweep has to say: how much was tried, and every leak in words."""

    actor: str
    routes: int = 0
    tries: int = 0
    leaks: list[str] = field(default_factory=list)

    @property
    def figures(self) -> tuple[str, int, int, int]:
        return self.actor, self.routes, self.tries, len(self.leaks)


class Sweep:
    """One actor against everything. Each try begins in the same state of the database and is taken back."""

    def __init__(
        self, actor: Actor, ground: Ground, tries: Tries, *, open_doors: bool = False, is_empty: bool = False
    ) -> None:
        """`is_empty`: nothing in A is published, so its catalog has nothing to show."""
        self.actor, self.ground, self.tries = actor, ground, tries
        self.sees_catalog = not is_empty and (open_doors or actor.standing is For.MEMBER and actor.may_browse)
        self.standing = For.MEMBER if open_doors and actor.standing is None else actor.standing
        self.people = [ground.a["user"], ground.a["owner"]]
        self.ids = {str(row.pk) for row in ground.a.values()}
        self.before = self._state()
        self.written = writes()
        actor.client.raise_request_exception = False
        self.cookies = {name: morsel.value for name, morsel in actor.client.cookies.items()}

    def run(
        self, meets: Callable[[Route], bool] = lambda route: True, *, matters: Callable[[Try], bool] = lambda one: True
    ) -> Findings:
        """`meets`: which addresses are tried, `matters`: which tries of one."""
        findings = Findings(self.actor.name)
        for route in filter(meets, routes()):
            findings.routes += 1
            for one in filter(matters, self.tries.of(route)):
                findings.tries += 1
                findings.leaks += [f"{self.actor.name}: {one.words}: {leak}" for leak in self.leaks_of(one)]
        return findings

    def leaks_of(self, one: Try) -> list[str]:
        with taken_back():
            response, text = self.sent(one)
            transaction.set_rollback(False)  # what failed in a view has failed; whether it wrote is still asked
            changes = list(self._changes(one)) if self._has_written() else []
        return [*self._judged(one, response, text), *changes]

    def _has_written(self) -> bool:
        """Since this was last asked, what has been taken back since then included: once too often, never too rarely."""
        if _has_aborted():
            return False
        before, self.written = self.written, writes()
        return self.written != before

    def _judged(self, one: Try, response: Any, text: str) -> Iterator[str]:
        if response.status_code >= 500:
            yield f"fails with {response.status_code}"
            return
        yield from (f"shows {token}" for token in sorted(self._tokens(text, one)))
        if not self.sees_catalog:
            yield from (f"shows the key {key}" for key in sorted(self._ids(text, one)))
        yield from self._answered(one, response, text)

    def _answered(self, one: Try, response: Any, text: str) -> Iterator[str]:
        """Refused, or told to a member that they may not, or the same as anybody is told about what is nowhere."""
        if is_hidden(response):
            return
        if self.standing is None or not self._is_about_a(one):
            yield from self._difference(one, response, text)
        elif class_of(one.route, one.method) > self.standing and response.status_code != 403:
            yield f"answers {response.status_code}"

    def _is_about_a(self, one: Try) -> bool:
        """By A's own address. Elsewhere a member of A is nobody, like everybody else."""
        return "organization" in one.route.parts and self.ground.slug(foreign=True) in one.foreign

    def _tokens(self, text: str, one: Try) -> set[str]:
        sent = {token for named in one.foreign for token in TOKEN.findall(named)}
        allowed = CATALOG if self.sees_catalog else FRAME if self.standing else frozenset()
        return set(TOKEN.findall(text)) - allowed - sent

    def _ids(self, text: str, one: Try) -> set[str]:
        return {key for key in self.ids if key in text and key not in one.foreign}

    def _difference(self, one: Try, response: Any, text: str) -> Iterator[str]:
        replaced = {named: _nowhere(named) for named in one.foreign}
        if not replaced:
            return
        with taken_back():
            other, text_of_other = self.sent(one.without(replaced))
        if other.status_code != response.status_code:
            yield f"answers {response.status_code}, and {other.status_code} to what is nowhere"
        elif words := first_difference(plain(text, replaced.keys()), plain(text_of_other, replaced.values())):
            yield f"answers {response.status_code}, differently from what is nowhere: {words}"

    def _changes(self, one: Try) -> Iterator[str]:
        """On pages of one's own account one may cause mails and jobs, such as a confirmation; nowhere else."""
        after = self._state()
        changed = [table for table in self.before if self.before[table] != after[table]]
        yield from (f"changes {table}" for table in changed if not (is_own_affair(one.route) and table in NOBODYS))

    def _state(self) -> dict[str, Any]:
        """Rows of A with its mails and jobs. One's own affair is what is learned in a catalog that one sees, and as a
        member one's own playlists."""
        without = LEARNING if self.sees_catalog else frozenset()
        me = self.actor.user if self.actor.standing else None
        return fingerprint(self.ground.a["organization"], self.people, without=without, me=me)

    def sent(self, one: Try) -> tuple[Any, str]:
        """The answer, and all of it as text, read before the state goes that it came from."""
        response = self._answer(one)
        return response, text_of(response)

    def _answer(self, one: Try) -> Any:
        options: dict[str, Any] = {"headers": self.actor.headers, "query_params": one.query}
        client = self.actor.client
        client.cookies = SimpleCookie(self.cookies)  # what an answer left there, such as a message, is forgotten
        path = signed(one.path, self.actor)
        if one.body is None:
            return client.generic(one.method, path, **options)
        if one.as_json:
            text = json.dumps(one.body)
            return client.generic(one.method, path, text, content_type="application/json", **options)
        return client.post(path, with_files(one.body), **options)


@contextmanager
def taken_back() -> Iterator[None]:
    """What happens inside has not happened afterwards."""
    sid = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(sid)
        transaction.set_rollback(False)


def _has_aborted() -> bool:
    """The database has refused something: it holds nothing of the try any more, and answers no question."""
    return connection.connection.info.transaction_status is TransactionStatus.INERROR


def is_own_affair(route: Route) -> bool:
    return not (route.is_admin or route.is_api or "organization" in route.parts)


def is_hidden(response: Any) -> bool:
    if response.status_code == 302:
        return response["Location"].startswith(LOG_IN)
    return response.status_code in HIDDEN


def with_files(body: Body) -> Body:
    picture = {name: SimpleUploadedFile("picture.png", PICTURE) for name, value in body.items() if value == FILE}
    return {**body, **picture}


def text_of(response: Any) -> str:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items() if name not in UNTOLD)
    return headers + "\n" + content.decode(errors="replace")


def _nowhere(named: str) -> str:
    """A name of the same shape that belongs to nothing."""
    return str(uuid4()) if len(named) == UUID_LETTERS else f"nowhere-{len(named)}"


def plain(text: str, names: Any) -> str:
    """Without the names that were asked for, and without what changes by itself."""
    for number, name in enumerate(names):
        text = text.replace(name, f"<{number}>")
    return RESTLESS.sub("", text)


def first_difference(one: str, other: str) -> str:
    """The lines that differ first; empty where none do."""
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    return next((f"{mine.strip()[:150]} | {yours.strip()[:150]}" for mine, yours in pairs if mine != yours), "")
