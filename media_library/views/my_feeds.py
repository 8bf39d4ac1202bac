"""A listener's own addresses: what they follow with an app, and making, renewing and stopping an address."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import can
from core.errors import Refused
from media_library.models import ListenerKey
from media_library.podcasts.following import SHOW, Followed, Listener
from media_library.podcasts.keys import give_key, living_keys, revoke_key, rotate_key
from media_library.podcasts.my_feeds import app_links, my_rows, shows_to_follow
from media_library.podcasts.private_addresses import PrivateAddresses


@require_safe
def my_feeds(request: HttpRequest, organization: str) -> HttpResponse:
    listener = listener_of(request)
    context = {"rows": my_rows(listener), "shows": shows_to_follow(listener)}
    return _never_kept(render(request, "media_library/podcasts/my_feeds.html", context))


@require_POST
def follow_show(request: HttpRequest, organization: str, podcast_id: UUID) -> HttpResponse:
    return follow(request, Followed(SHOW, podcast_id))


@require_POST
def change_feed(request: HttpRequest, organization: str, key_id: UUID, verb: str) -> HttpResponse:
    """`renew` or `revoke` one's own."""
    key = get_object_or_404(living_keys(), pk=key_id, user=listener_of(request).user)
    if verb == "renew":
        return _shown(request, lambda: rotate_key(key))
    if verb != "revoke":
        raise Http404
    revoke_key(key, by=request.user)
    messages.success(request, _("The address has ended. It stopped working just now."))
    return redirect("media_library:my_feeds", organization=organization)


def follow(request: HttpRequest, followed: Followed) -> HttpResponse:
    """A new address, shown in this answer and never again; what is refused is told beside the others."""
    listener = listener_of(request)
    return _shown(request, lambda: give_key(followed, listener))


def listener_of(request: Any) -> Listener:
    """Raises Http404 for who is no member here."""
    if not can(request.user, "course.learn", request.organization):
        raise Http404
    return Listener(request.user, request.organization)


def _shown(request: Any, make: Any) -> HttpResponse:
    try:
        key, token = make()
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, refusal.message)
        return redirect("media_library:my_feeds", organization=request.organization.slug)
    return _never_kept(render(request, "media_library/podcasts/new_address.html", _about(request, key, token)))


def _about(request: Any, key: ListenerKey, token: str) -> dict[str, Any]:
    followed = Followed.by(key)
    page = followed.offer.page(followed.key, request.organization)
    address = PrivateAddresses(request.organization.slug, token, page=lambda: page).feed()
    return {"title": followed.title, "page": page, "address": address, "apps": app_links(address)}


def _never_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response
