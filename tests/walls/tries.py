"""Every way to name what is A's: in the path, in the query, in each relation of the body; by A's address or B's."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.walls.actors import Actor
from tests.walls.bodies import MEANS, Body, api_bodies, filled, holes, page_body, query_names
from tests.walls.register import For, class_of
from tests.walls.routes import Route
from tests.world import CANARY

#: Address parts that name no row.
PLAIN = {
    "verb": "archive", "kind": "inspect_media", "file": "master.m3u8", "url": "nothing-here/", "uidb36": "1",
    "content_type_id": "1", "source": "vimeo", "table": "totals", "extension": "mp3",
}  # fmt: skip
#: Asked of every page and list, whatever it understands.
SEARCHES = ("q", "search", "s", "term", "name")
QUERY_RELATIONS = (
    "id", "course", "media", "user", "chapter", "item", "quiz", "creator", "membership_id", "organization_id",
    "category",
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """Both organizations: their addresses and the rows that stand in them."""

    a: dict[str, Any]
    b: dict[str, Any]

    def key(self, means: str, *, foreign: bool) -> str:
        """Of a table that is not ours the key of a job: no such row."""
        rows = self.a if foreign else self.b
        return str(rows.get(means, rows["job"]).pk)

    def slug(self, *, foreign: bool) -> str:
        return (self.a if foreign else self.b)["organization"].slug


@dataclass(frozen=True)
class Try:
    """One request. `foreign` lists what of A it names, in words that can be looked for in the answer."""

    route: Route
    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: Body | None = None
    as_json: bool = False
    foreign: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        sent = {**self.query, **({"body": self.body} if self.body else {})}
        return f"{self.method} {self.path} {sent or ''}"[:300]

    def without(self, replaced: dict[str, str]) -> "Try":
        """The same about something that is nowhere."""
        text = json.dumps([self.path, self.query, self.body])
        for one, other in replaced.items():
            text = text.replace(one, other)
        path, query, body = json.loads(text)
        return Try(self.route, self.method, path, query, body, self.as_json, tuple(replaced.values()))


class Tries:
    """All of them, on this ground."""

    def __init__(self, ground: Ground, back_office: Any, actor: Actor | None = None) -> None:
        """Whatever there is to try, or what makes sense for somebody."""
        self.ground = ground
        self.back_office = back_office  # its own ways to name rows: tests.walls.back_office
        self.actor = actor

    def of(self, route: Route) -> Iterator[Try]:
        """Of one address."""
        if self._ends_at_the_door(route):
            yield from self._at_the_door(route)
        elif route.is_api:
            yield from self._of_api(route)
        elif route.is_admin:
            yield from self._of_back_office(route)
        else:
            yield from self._of_page(route)

    def _ends_at_the_door(self, route: Route) -> bool:
        """Refused before a word of the request is read: what it names besides makes no difference."""
        methods = route.methods if route.is_api else ["GET"]
        if self.actor is None or min(class_of(route, method) for method in methods) < For.MEMBER:
            return False
        return not (self.actor.is_maker if route.is_admin else self.actor.is_somebody)

    def _at_the_door(self, route: Route) -> Iterator[Try]:
        """Everything of A at once, by each method."""
        keys = {name: self.ground.key(MEANS[name], foreign=True) for name in QUERY_RELATIONS}
        for method in route.methods if route.is_api else ("GET", "POST"):
            body = next(api_bodies(route.pattern, method)) if route.is_api else {}
            options: dict[str, Any] = {"relations": holes(body), "as_json": route.is_api, "query": keys}
            yield self.make(route, method, body, slug=True, path=True, **options)

    def _of_api(self, route: Route) -> Iterator[Try]:
        for method in route.methods:
            whole, *parts = api_bodies(route.pattern, method)
            yield from self._placed(route, method, whole, as_json=True)
            if method != "PUT":  # as PATCH
                for body in parts:
                    yield from self._related(route, method, body, as_json=True)
        for slug in (True, False):
            yield self.make(route, "OPTIONS", {}, slug=slug, path=True, relations=[])
        if "GET" in route.methods:
            yield from self._asked(route, query_names(route.pattern))

    def _of_page(self, route: Route) -> Iterator[Try]:
        """They take PUT, PATCH and DELETE for what they know, or for nothing they know."""
        for method in ("GET", "POST"):
            yield from self._placed(route, method, {}, as_json=False)
        for method in ("PUT", "PATCH", "DELETE"):
            yield self.make(route, method, {}, slug=True, path=True, relations=[])
        for slug in {True, False} if "organization" in route.parts else {False}:
            relations = holes(body := page_body())
            yield self.make(route, "POST", body, slug=slug, path=False, relations=relations)
        yield from self._asked(route, [])

    def _of_back_office(self, route: Route) -> Iterator[Try]:
        """Its pages take all else for GET; those about one row do not look at the query."""
        for method in ("GET", "POST"):
            yield from self._placed(route, method, {"post": "yes"} if method == "POST" else {}, as_json=False)
        if not self._names_rows(route) and not route.name.endswith("_add"):
            yield from self._asked(route, [])
        yield from self.back_office(route, self)

    def _placed(self, route: Route, method: str, body: Body, *, as_json: bool) -> Iterator[Try]:
        """A's address with A's keys, A's with B's, B's with A's, and B's own with one foreign relation in the body."""
        relations = holes(body)
        options: dict[str, Any] = {"as_json": as_json}
        if "organization" in route.parts:
            yield self.make(route, method, body, slug=True, path=True, relations=relations, **options)
            yield self.make(route, method, body, slug=True, path=False, relations=[], **options)
        if self._names_rows(route):
            yield self.make(route, method, body, slug=False, path=True, relations=[], **options)
        yield from self._related(route, method, body, **options)

    def _related(self, route: Route, method: str, body: Body, **options: Any) -> Iterator[Try]:
        """One's own in everything but one relation of the body."""
        for relation in holes(body):
            yield self.make(route, method, body, slug=False, path=False, relations=[relation], **options)

    def _asked(self, route: Route, names: list[str]) -> Iterator[Try]:
        """Below one's own address, with A's keys and words in the query: all at once, and one by one where declared."""
        keys = {name: self.ground.key(MEANS[name], foreign=True) for name in QUERY_RELATIONS}
        words = dict.fromkeys(SEARCHES, CANARY)
        for query in ({**keys, **words}, words, *({name: keys[name]} for name in names if name in keys)):
            yield self.make(route, "GET", {}, slug=False, path=False, relations=[], query=query)

    def make(
        self, route: Route, method: str, body: Body, *, slug: bool, path: bool, relations: list[Any],
        as_json: bool = False, query: dict[str, str] | None = None,
    ) -> Try:  # fmt: skip
        """Each flag says whose it is: True is A's, the foreign one."""
        whose = {part: slug if part == "organization" else path for part in route.parts}
        address = route.fill({part: self._part(part, route, foreign) for part, foreign in whose.items()})
        sent = filled(body, lambda hole: self.ground.key(hole.means, foreign=hole in relations))
        named = json.dumps([address, query or {}, sent])
        foreign = tuple(one for one in self._keys_of_a if one in named)
        return Try(route, method, address, query or {}, sent or None, as_json, foreign)

    def _part(self, part: str, route: Route, foreign: bool) -> str:
        if part == "organization":
            return self.ground.slug(foreign=foreign)
        if part == "object_id":
            return self.ground.key(_model_of(route), foreign=foreign)
        if part in ("course", "collection", "label", "podcast"):
            return str((self.ground.a if foreign else self.ground.b)[part].slug)
        if part in MEANS:
            return self.ground.key(MEANS[part], foreign=foreign)
        return self._plain(part, foreign)

    def _plain(self, part: str, foreign: bool) -> str:
        rows = self.ground.a if foreign else self.ground.b
        told = {
            "secret": rows["invitation"].digest, "key": rows["user"].pk.hex, "name": rows["organization"].logo_name,
            "show": rows["podcast"].slug,
        }  # fmt: skip
        return PLAIN.get(part) or str(told.get(part, part))

    def _names_rows(self, route: Route) -> bool:
        return bool(set(route.parts) - {"organization", "url", "app_label", "content_type_id", "uidb36"})

    @cached_property
    def _keys_of_a(self) -> list[str]:
        rows = self.ground.a
        keys = {str(row.pk) for row in rows.values()}
        slugs = [rows[name].slug for name in ("course", "collection", "label", "podcast", "organization")]
        return [*keys, *slugs, rows["invitation"].digest]


def _model_of(route: Route) -> str:
    """`admin/courses/course/<path:object_id>/…`: the model's name in tests.world."""
    _, app, model, *_ = route.pattern.split("/")
    return model
