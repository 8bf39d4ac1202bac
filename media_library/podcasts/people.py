"""Who is heard in a show or an episode, and who made it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.lines import one_line
from media_library.models import Episode, Podcast, PodcastPerson
from media_library.podcasts.changes import touch
from media_library.podcasts.holding import hold, hold_part, hold_place
from media_library.podcasts.taxonomy import HOST, group_of, is_role

MOST_PEOPLE = 50
WRITTEN = ("name", "role", "group", "link", "position")


@dataclass(frozen=True)
class PersonLine:
    """Somebody with a role of the taxonomy; its group is told by the role where only one has it."""

    name: str
    role: str = HOST
    group: str = ""
    link: str = ""


@transaction.atomic
def set_people(holder: Podcast | Episode, lines: Sequence[PersonLine], *, by: Any) -> list[PodcastPerson]:
    """Give a show or an episode these people, in this order, and no others.

    Raises Refused, with the field `people`: too_many_people, and like `save_person`; episode_gone (404).
    """
    if len(lines) > MOST_PEOPLE:
        raise _refusal("too_many_people", _("At most %(most)d people, please.") % {"most": MOST_PEOPLE}, field="people")
    hold(holder)
    show, episode = _place(holder)
    people_of(holder).delete()
    touch(show)
    return [
        save_person(PodcastPerson(podcast=show, episode=episode, position=place, **vars(line)), by=by)
        for place, line in enumerate(lines, start=1)
    ]


@transaction.atomic
def save_person(person: PodcastPerson, *, by: Any, written: Iterable[str] = WRITTEN) -> PodcastPerson:
    """Write somebody new, or of somebody there the columns `written`: what others change meanwhile stays.

    Raises Refused, with the field: name_missing, unknown_role, named_twice. podcast_gone and person_gone (404) have
    none.
    """
    if person._state.adding:
        hold_place(person)
    else:
        hold_part(person, written=set(written).intersection(WRITTEN))
    person.name = one_line(person.name)
    if not person.name:
        raise _refusal("name_missing", _("Somebody needs a name."), field="name")
    person.role = person.role.strip().lower()
    person.group = person.group.strip().lower() or group_of(person.role)
    if not is_role(person.role, group=person.group):
        words = _("“%(role)s”, which %(name)s is to have, is no role in the taxonomy of podcasts.")
        raise _refusal("unknown_role", words % {"role": person.role, "name": person.name}, field="role")
    same = PodcastPerson.objects.filter(podcast=person.podcast_id, episode=person.episode_id)
    if same.filter(name=person.name, role=person.role).exclude(pk=person.pk).exists():
        raise _refusal("named_twice", _("This person has this role already."), field="name")
    person.save()
    touch(person.podcast)
    return person


@transaction.atomic
def remove_person(person: PodcastPerson, *, by: Any) -> None:
    """Raises Refused (404): podcast_gone, person_gone."""
    hold_part(person)
    podcast = person.podcast
    person.delete()
    touch(podcast)


def people_of(holder: Podcast | Episode) -> Any:
    """Those named there, in order."""
    show, episode = _place(holder)
    return PodcastPerson.objects.filter(podcast=show, episode=episode)


def _place(holder: Podcast | Episode) -> tuple[Podcast, Episode | None]:
    return (holder, None) if isinstance(holder, Podcast) else (holder.podcast, holder)


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
