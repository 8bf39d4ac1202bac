"""Who made a media item: members, and people who are known by name only (requirement M13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core.errors import Refused
from core.lines import one_line
from core.tenancy import current_organization_id
from media_library.models import Contribution, Credit, Media

MOST_CREDITS = 100
NAME_CHARACTERS = 120


@dataclass(frozen=True)
class CreditLine:
    """What somebody contributed: a member by their key, or anybody by name."""

    contribution: str
    user_id: UUID | None = None
    name: str = ""


@transaction.atomic
def credit_people(media: Media, lines: Sequence[CreditLine], *, by: Any) -> None:
    """Give media these credits, in this order, and no others.

    Raises Refused, with the field `credits`: too_many_credits, credited_twice, no_member, name_missing.
    """
    if len(lines) > MOST_CREDITS:
        raise _refusal("too_many_credits", _("One media item takes %(most)d credits at most.") % {"most": MOST_CREDITS})
    people = {*Credit.objects.filter(media=media, user__isnull=False).values_list("user_id", flat=True)}
    names = _names_of_members({line.user_id for line in lines if line.user_id})
    credits_ = [_credit(media, line, place, names, people) for place, line in enumerate(lines)]
    if len({(one.contribution, one.name) for one in credits_}) < len(credits_):
        raise _refusal("credited_twice", _("Somebody has the same credit twice."))
    Credit.objects.filter(media=media).delete()
    Credit.objects.bulk_create(credits_)


@transaction.atomic
def save_credit(credit: Credit, *, by: Any) -> Credit:
    """Write one credit. Raises Refused, with the field: no_member, name_missing, credited_twice."""
    credit.name = one_line(credit.name) or name_of_member(credit.user)
    if not credit.name:
        raise _refusal("name_missing", _("This credit needs a name."), field="name")
    same = Credit.objects.filter(media=credit.media_id, contribution=credit.contribution, name=credit.name)
    if same.exclude(pk=credit.pk).exists():
        raise _refusal("credited_twice", _("This person has this credit already."), field="name")
    credit.save()
    return credit


@transaction.atomic
def remove_credit(credit: Credit, *, by: Any) -> None:
    credit.delete()


def name_of_member(user: User | None) -> str:
    """As it may be shown to everybody: a name, never an address; empty where there is none."""
    return "" if user is None else one_line(user.name)


def _names_of_members(user_ids: set[UUID]) -> dict[UUID, str]:
    members = Membership.objects.active().filter(organization=current_organization_id(), user__in=user_ids)
    return dict(members.values_list("user_id", "user__name"))


def _credit(media: Media, line: CreditLine, place: int, names: dict[UUID, str], people: set[UUID]) -> Credit:
    """Whoever was credited before may have left since, and stays credited."""
    if line.user_id and line.user_id not in names and line.user_id not in people:
        raise _refusal("no_member", _("Nobody here has this key. Credit them by name."))
    name = one_line(line.name)[:NAME_CHARACTERS] or one_line(names.get(line.user_id, "") if line.user_id else "")
    if not name:
        raise _refusal("name_missing", _("Each credit needs a member who has a name, or a name."))
    contribution = Contribution(line.contribution)
    return Credit(media=media, contribution=contribution, user_id=line.user_id, name=name, position=place)


def _refusal(code: str, words: str, *, field: str = "credits") -> Refused:
    return Refused(code, words, fields={field: [words]})
