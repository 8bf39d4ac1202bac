"""Where somebody is logged in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _

from core.secrets import digest_of

#: What user agents call themselves, the more particular before those whose name they borrow.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


@dataclass(frozen=True)
class OpenSession:
    """A browser somebody is logged in with. `handle` names it in a form without being its key."""

    handle: str
    browser: str
    address: str
    since: datetime
    is_this: bool


def open_sessions(user: Any, *, this: str) -> list[OpenSession]:
    """The sessions that still open something, the newest first; `this` is the key of the one that asks."""
    found = UserSession.objects.purge_and_list(user)
    return [
        OpenSession(
            handle=digest_of(session.session_key),
            browser=describe_browser(session.user_agent),
            address=session.ip,
            since=session.created_at,
            is_this=session.session_key == this,
        )
        for session in sorted(found, key=lambda session: session.created_at, reverse=True)
    ]


def end_session(user: Any, handle: str) -> bool:
    """Log one browser out. Answers whether there was one."""
    for session in UserSession.objects.filter(user=user):
        if digest_of(session.session_key) == handle:
            session.end()
            return True
    return False


def end_sessions(user: Any, *, keep: str | None = None) -> int:
    """Log a person out everywhere, or everywhere but in the session with the key `keep`. Answers how many ended."""
    ended = [session for session in UserSession.objects.filter(user=user) if session.session_key != keep]
    for session in ended:
        session.end()
    return len(ended)


def describe_browser(user_agent: str) -> str:
    """`Firefox on Linux`; the start of what it called itself where that says nothing to us."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or user_agent[:40] or _("Unknown browser")
