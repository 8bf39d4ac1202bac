"""From where and with what app a private address is used: folded to days, networks and apps, and soon forgotten.

Neither an address nor a user agent is kept: of the address a digest of its network, which is another one for each key
and made with a secret; of the user agent the app's name.
"""

from datetime import timedelta
from ipaddress import ip_interface
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.origin import address_of
from core.identifiers import uuid7
from media_library.models import FeedVisit, ListenerKey
from media_library.podcasts.agents import app_of

KEPT_DAYS = 35
QUARTER_OF_AN_HOUR = 15 * 60  # seconds
PREFIX = {4: 24, 6: 48}
#: What each process noted lately: it writes once in a quarter of an hour, not with every range of a file.
_noted = LocMemCache("feed_visits", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

#: Both in one statement.
NOTE = """
WITH used AS (
    UPDATE media_library_listenerkey SET last_used_at = statement_timestamp()
    WHERE organization_id = %(organization)s AND id = %(key)s
)
INSERT INTO media_library_feedvisit (id, organization_id, key_id, day, network, app)
VALUES (%(id)s, %(organization)s, %(key)s, %(day)s, %(network)s, %(app)s)
ON CONFLICT (organization_id, key_id, day, network, app) DO NOTHING"""


def note_visit(key: ListenerKey, request: HttpRequest) -> None:
    """Remember that a key was used, to a quarter of an hour. In the scope of its organization."""
    values: dict[str, Any] = {
        "organization": key.organization_id,
        "key": key.pk,
        "day": timezone.localdate(timezone=key.organization.zone),
        "network": network_digest(key, address_of(request)),
        "app": app_of(request.headers.get("User-Agent", "")),
    }
    if not _noted.add("/".join(map(str, values.values())), True, QUARTER_OF_AN_HOUR):
        return
    with connection.cursor() as cursor:
        cursor.execute(NOTE, {"id": uuid7(), **values})


def network_digest(key: ListenerKey, address: str) -> str:
    """Of the /24 or /48 an address lies in; of two keys in one network it is not the same."""
    return salted_hmac("podcasts.network", f"{key.pk} {network_of(address)}", algorithm="sha256").hexdigest()[:16]


def network_of(address: str) -> str:
    """`192.0.2.0/24`. Raises ValueError for what is no address."""
    interface = ip_interface(address)
    return str(ip_interface(f"{interface.ip}/{PREFIX[interface.version]}").network)


def forget_visits() -> int:
    """Remove those of days long gone, in the scope that the schedule opens: everywhere. Answers how many there were."""
    last = timezone.now().date() - timedelta(days=KEPT_DAYS)
    return int(FeedVisit.objects.filter(day__lt=last).delete()[0])
