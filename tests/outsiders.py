"""Two organizations that say the same things, people who may see some of it or nothing, and questions after the rest.

Who may see what is written down here by hand, and not asked of the code that is tried. Each media item, text and file
says a word that nothing else says, so that whatever leaks can be told.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType, Resource
from courses.models.item import ItemState
from courses.services.resources import save_resource
from knowledge.models import Passage
from knowledge.services.embedding import embed
from knowledge.services.indexing import index_media
from knowledge.services.moments import Moment, Reading
from knowledge.services.search import search
from knowledge.visible import EVERYWHERE, Filters
from knowledge.written.indexing import index_items
from media_library.captions import TimedText
from media_library.models import Kind, Media, Publication, Rendition, Source
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript

LINES = (
    "The moon pulls the tide toward the harbor twice a day.",
    "A wave breaks where the seabed is about that near.",
    "Cold and salty water sinks, and the current takes a thousand years.",
    "Nobody but those who paid may hear {secret} from us.",
)
SPEAKER = "Mara"
FILTERED = 0.4  # of the questions
WORDS = (
    "moon", "tide", "harbor", "wave", "seabed", "cold", "salty", "water", "current", "thousand", "years", "nobody",
    "paid", "hear", "lunar", "attraction",
)  # fmt: skip
ODD = ("' OR 1=1 --", "%", "\\", "a:*", "& | !", "<->", '"', "\x00", "((", "' || secret || '", "*", "-", "😀", "ü" * 50)


@dataclass
class Outsider:
    """Somebody who asks in an organization, and the media items and items of courses that they may see there."""

    name: str
    user: Any
    organization: Organization
    may_see: set[UUID] = field(default_factory=set)


@dataclass
class Tally:
    """What came of the questions: how many places were shown, and which of them nobody should have seen.

    `written` of the `moments` are in texts and files; so many of the `queries` were `filtered`.
    """

    queries: int = 0
    filtered: int = 0
    moments: int = 0
    written: int = 0
    foreign: list[str] = field(default_factory=list)


class World:
    """Who may see what. Both organizations are closed."""

    def __init__(self, *organizations: Organization) -> None:
        self.secrets: dict[UUID, str] = {}
        self.outsiders: list[Outsider] = []
        for organization in organizations:
            with organization_scope(organization):
                self._fill(organization)
        strangers = [outsider.user for outsider in self.outsiders if outsider.name == "owner"]
        for stranger, organization in zip(strangers, reversed(organizations), strict=True):
            self._let_ask("owner of the other one", stranger, organization)

    def _fill(self, here: Organization) -> None:
        free, draft, archived, learned, locked, unready = (
            self._say(publication)
            for publication in (
                Publication.PUBLISHED, Publication.DRAFT, Publication.ARCHIVED, Publication.PUBLISHED,
                Publication.PUBLISHED, Publication.PUBLISHED,
            )
        )  # fmt: skip
        mine, theirs, planned = (
            _course(name, media) for name, media in zip("abc", (learned, locked, unready), strict=True)
        )
        Course.objects.filter(pk=planned.pk).update(is_published=False)
        learner, customer = self._member(here, "learner", Role.LEARNER), self._member(here, "customer", Role.CUSTOMER)
        Enrollment.objects.create(course=mine, user=learner)
        Enrollment.objects.create(course=theirs, user=customer)
        notes, sheet = self._write(mine), self._hand_out(mine)
        unready_notes = self._write(mine, state=ItemState.DRAFT)
        other_notes, planned_notes = self._write(theirs), self._write(planned)
        everything = {
            free, draft, archived, learned, locked, unready,
            notes, sheet, unready_notes, other_notes, planned_notes,
        }  # fmt: skip
        self._let_ask("owner", self._member(here, "owner", Role.OWNER), here, *everything)
        self._let_ask("learner", learner, here, free, learned, notes, sheet)
        self._let_ask("customer", customer, here, locked, other_notes)
        self._let_ask("suspended owner", self._member(here, "suspended", Role.OWNER, is_active=False), here)
        self._let_ask("former learner", self._former(here, mine), here)
        self._let_ask("anonymous", AnonymousUser(), here)

    def _say(self, publication: str) -> UUID:
        secret = self._next_secret()
        media = Media.objects.create(
            kind=Kind.VIDEO,
            source=Source.UPLOAD,
            source_path="x.mp4",
            title="Talk",
            publication=publication,
            duration=90,
        )
        media.rendition = Rendition.objects.create(media=media, folder=f"renditions/{media.pk}")
        media.save()
        cues = [TimedText(n * 5.0, n * 5 + 4.5, line.format(secret=secret), SPEAKER) for n, line in enumerate(LINES)]
        publish_transcript(media, cues, language="en", method=Method.EMBEDDED)
        index_media(media.pk)
        embed(Passage.objects.filter(media=media), subject_id=media.pk)
        self.secrets[media.pk] = secret
        return media.pk

    def _write(self, course: Course, *, state: str = ItemState.PUBLISHED) -> UUID:
        """A text of the course that says the same."""
        return self._add_item(course, type=ItemType.TEXT, text=self._said(secret := self._next_secret()), state=state,
                              secret=secret)  # fmt: skip

    def _hand_out(self, course: Course) -> UUID:
        """A file of the course that says the same."""
        file = SimpleUploadedFile("sheet.txt", self._said(secret := self._next_secret()).encode())
        resource = save_resource(Resource(), file=file)
        return self._add_item(course, type=ItemType.RESOURCE, resource=resource, secret=secret)

    def _add_item(self, course: Course, *, secret: str, **content: Any) -> UUID:
        chapter = Chapter.objects.get(course=course)
        place = ContentItem.objects.filter(chapter=chapter).count() + 1
        item = ContentItem.objects.create(chapter=chapter, title="Notes", position=place, **content)
        index_items([item.pk])
        embed(Passage.objects.filter(item=item))
        self.secrets[item.pk] = secret
        return item.pk

    def _next_secret(self) -> str:
        return f"zq{random.Random(len(self.secrets)).getrandbits(60):x}"

    def _said(self, secret: str) -> str:
        return " ".join(line.format(secret=secret) for line in LINES)

    def _member(self, here: Organization, name: str, role: Role, **state: Any) -> User:
        user = User.objects.create_user(f"{name.replace(' ', '.')}@{here.slug}.outsiders.test", name=name.title())
        Membership.objects.create(user=user, organization=here, role=role, **state)
        return user

    def _former(self, here: Organization, course: Course) -> User:
        user = self._member(here, "former", Role.LEARNER, is_active=False, removed_at=timezone.now())
        Enrollment.objects.create(course=course, user=user)
        return user

    def _let_ask(self, name: str, user: Any, organization: Organization, *may_see: UUID) -> None:
        self.outsiders.append(Outsider(name, user, organization, set(may_see)))


def _course(slug: str, media_id: UUID) -> Course:
    """A published course with one lesson."""
    course = Course.objects.create(title=slug, slug=f"course-{slug}", is_published=True)
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    ContentItem.objects.create(chapter=chapter, type=ItemType.VIDEO, title="Lesson", position=1, media_id=media_id)
    return course


def ask_as_outsiders(world: World, *, queries: int, seed: int = 8) -> Tally:
    """Ask so many questions, each person in turn, and note every moment that they should not have been shown."""
    chance, tally = random.Random(seed), Tally()
    kinds = list(_questions(world, chance))
    for number in range(queries):
        outsider = world.outsiders[number % len(world.outsiders)]
        query = chance.choice(kinds)()
        filters = _narrowed(world, chance) if chance.random() < FILTERED else EVERYWHERE
        _ask(world, outsider, query, filters, tally)
    return tally


def _questions(world: World, chance: random.Random) -> Iterator[Callable[[], str]]:
    """The kinds of questions: words, what a secret media item says, phrases, exclusions, beginnings, and nonsense."""

    def secret() -> str:
        return chance.choice(list(world.secrets.values()))

    def words(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))

    def line() -> str:
        return chance.choice(LINES).format(secret=secret())

    yield secret
    yield lambda: words(6)
    yield line
    yield lambda: f'"{line()}"'
    yield lambda: f'"{words(2)}" {secret()}'
    yield lambda: f"{words(3)} -{chance.choice(WORDS)} -{secret()}"
    yield lambda: f'{words(3)} -"{words(2)}"'
    yield lambda: secret()[: chance.randint(2, 8)]
    yield lambda: f"{chance.choice(ODD)} {words(2)} {chance.choice(ODD)}{secret()}"
    yield lambda: str(chance.choice(list(world.secrets)))
    yield lambda: chance.choice(ODD)


def _narrowed(world: World, chance: random.Random) -> Filters:
    """One or two filters, often after what the person may not see."""
    today = timezone.now().date()
    narrow = chance.sample([
        {"course": f"course-{chance.choice('abc')}"}, {"media": chance.choice(list(world.secrets))},
        {"speaker": SPEAKER}, {"language": "en"}, {"since": today - timedelta(days=1)},
        {"until": today + timedelta(days=1)}, {"label": "tides"},
    ], k=chance.randint(1, 2))  # fmt: skip
    return Filters(**{name: value for one in narrow for name, value in one.items()})


def _ask(world: World, outsider: Outsider, query: str, filters: Filters, tally: Tally) -> None:
    with organization_scope(outsider.organization):
        result = search(query, user=outsider.user, organization=outsider.organization, filters=filters)
    found: list[Moment | Reading] = [*result.moments, *result.readings]
    tally.queries += 1
    tally.filtered += bool(filters)
    tally.moments += len(found)
    tally.written += len(result.readings)
    hidden = [secret for key, secret in world.secrets.items() if key not in outsider.may_see]
    for one in found:
        place = one.media.pk if isinstance(one, Moment) else one.item.pk
        if place not in outsider.may_see or any(secret in one.text for secret in hidden):
            tally.foreign.append(f"{outsider.name} of {outsider.organization.slug} asked {query!r}: {one.text}")
