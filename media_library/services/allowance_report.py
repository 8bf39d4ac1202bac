"""How much of this week's allowance the members have used, for those who may see it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from accounts.models import Membership, Organization
from accounts.permissions import can
from media_library.models import AllowanceReset, Upload
from media_library.models.upload import counted
from media_library.services.allowance import Allowance, allowance_of, week_of
from media_library.services.site import site_configuration


@dataclass(frozen=True)
class MemberAllowance:
    """In bytes."""

    user: Any
    used: int
    allowed: int

    @property
    def percent(self) -> float:
        return min(100.0, 100 * self.used / self.allowed) if self.allowed else 100.0


@dataclass(frozen=True)
class Allowances:
    """One's own, and those of all who may upload, for owners; for others their own again."""

    own: Allowance
    members: list[MemberAllowance]


def allowances_seen_by(user: Any, organization: Organization) -> Allowances:
    """Six statements, however many members there are."""
    own = allowance_of(user, organization=organization)
    makers = Membership.objects.making().filter(organization=organization).select_related("user")
    if not can(user, "members.manage", organization):
        makers = makers.filter(user=user)
    used = _used_this_week()
    rows = [MemberAllowance(one.user, used.get(one.user_id, 0), own.allowed) for one in makers]
    return Allowances(own, sorted(rows, key=lambda row: (-row.used, str(row.user))))


def _used_this_week() -> dict[Any, int]:
    """Bytes by member, counted like `allowance_of` does for one."""
    begins, _ends = week_of(timezone.now(), site_configuration())
    reset = AllowanceReset.objects.filter(user=OuterRef("owner")).values("reset_at")[:1]
    weighing = Upload.objects.filter(counted(), created_at__gte=begins).annotate(reset=Subquery(reset))
    since = weighing.filter(Q(reset__isnull=True) | Q(created_at__gte=F("reset")))
    return dict(since.order_by().values("owner").annotate(total=Sum("size_bytes")).values_list("owner", "total"))
