"""The content security policy of a single answer, where it shows what other pages do not."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

Directives = Mapping[str, Sequence[str]]


def widen_policy(response: Any, directives: Directives) -> None:
    """This answer may load these origins too, besides whatever else may be. Nothing is taken away.

    A directive that the site's policy does not name follows `default-src`: once named it has to say that itself.
    """
    site = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    wider = dict(getattr(response, "_csp_update", {}))
    for name, origins in directives.items():
        inherited = () if name in site else site["default-src"]
        wider[name] = [*dict.fromkeys([*wider.get(name, inherited), *origins])]
    if wider:
        response._csp_update = wider
