"""Private addresses in the back office: who follows what, which ones are probably shared, and ending them."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import display

from core.admin import NotedByServices, OrganizationAdmin, ReadOnly, panel
from core.tenancy import current_organization_id
from media_library.models import Episode, ListenerKey, Podcast
from media_library.podcasts.downloads import EPISODE, Tally, days_ago, tallies, tally_of_show
from media_library.podcasts.following import SHOW, Followed, titles_of
from media_library.podcasts.keys import living_keys, renew_key, revoke_key
from media_library.podcasts.sharing import IS_SHARED, Use, rule_in_words, with_use

LIVING, SHARED, ENDED = "", "shared", "ended"
ENDINGS = {"revoke": revoke_key, "renew": renew_key}
MOST_EPISODES = 50
LATELY = 30  # days


class StateFilter(DropdownFilter):
    """What has ended is listed for whoever asks for it."""

    title = _("state")
    parameter_name = "state"
    all_option = None

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(LIVING, _("Working")), (SHARED, _("Probably shared")), (ENDED, _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        if self.value() == ENDED:
            return queryset.filter(revoked_at__isnull=False)
        living = queryset.filter(revoked_at=None)
        return living.filter(IS_SHARED) if self.value() == SHARED else living


@admin.register(ListenerKey)
class ListenerKeyAdmin(NotedByServices, ReadOnly, OrganizationAdmin):
    """To look at and to end; the addresses themselves are stored nowhere."""

    list_display = ["user", "followed", "created_at", "last_used_at", "networks", "apps", "sharing"]
    list_select_related = ["user"]
    list_filter = [StateFilter]
    change_form_template = "admin/media_library/listeners/change_form.html"
    list_before_template = "admin/media_library/listeners/rule.html"
    search_fields = ["user__email", "user__name", "podcast__title"]
    ordering = ["-created_at", "-pk"]
    fields = readonly_fields = [
        "user", "followed", "created_at", "last_used_at", "revoked_at", "networks", "apps", "sharing",
    ]  # fmt: skip
    actions = ["revoke_selected", "renew_selected"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Keys are looked up before there is a scope, so this one is set by hand."""
        here: QuerySet = with_use(super().get_queryset(request).filter(organization=current_organization_id()))
        return here

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With what each row opens: on which floor that stands, this one does not know."""
        changelist = super().get_changelist_instance(request)
        changelist.rule = rule_in_words()
        titles = titles_of(list(changelist.result_list))
        for key in changelist.result_list:
            key.title = titles.get(Followed.by(key).key, "")
        return changelist

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.end_view))
        return [path("<uuid:key>/do/<str:verb>/", view, name="media_library_listenerkey_do"), *super().get_urls()]

    def end_view(self, request: HttpRequest, key: UUID, verb: str) -> HttpResponse:
        """The same for the one whose page is looked at."""
        found = get_object_or_404(self.get_queryset(request), pk=key)
        if not self.has_end_permission(request):
            raise PermissionDenied
        if verb not in ENDINGS:
            raise Http404
        self._end(request, self.get_queryset(request).filter(pk=found.pk), ENDINGS[verb])
        return redirect("admin:media_library_listenerkey_change", found.pk)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], **options: Any) -> HttpResponse:
        key = options.get("obj")
        context["can_end"] = key is not None and key.revoked_at is None and self.has_end_permission(request)
        return super().render_change_form(request, context, **options)

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("media_library.change_listenerkey")

    @display(description=_("Follows"))
    def followed(self, key: Any) -> str:
        return str(getattr(key, "title", None) or Followed.by(key).title or "–")

    @display(description=_("Networks: a day, a week"))
    def networks(self, key: Any) -> str:
        return f"{key.networks_a_day} · {key.networks_a_week}"

    @display(description=_("Apps: a day, a week"))
    def apps(self, key: Any) -> str:
        return f"{key.apps_a_day} · {key.apps_a_week}"

    @display(description=_("Sharing"))
    def sharing(self, key: Any) -> str:
        return ", ".join(Use.of(key).reasons) or "–"

    @admin.action(description=_("Revoke: the addresses stop at once"), permissions=["end"])
    def revoke_selected(self, request: HttpRequest, keys: QuerySet[ListenerKey]) -> None:
        self._end(request, keys, revoke_key)

    @admin.action(description=_("Revoke, and ask the listeners by mail to make new ones"), permissions=["end"])
    def renew_selected(self, request: HttpRequest, keys: QuerySet[ListenerKey]) -> None:
        self._end(request, keys, renew_key)

    def _end(self, request: HttpRequest, keys: QuerySet[ListenerKey], end: Any) -> None:
        living = list(keys.filter(revoked_at=None).select_related("user", "organization"))
        for key in living:
            end(key, by=request.user)
        words = ngettext("%(count)d address has ended.", "%(count)d addresses have ended.", len(living))
        self.message_user(request, words % {"count": len(living)}, messages.SUCCESS)


@panel("media_library.Podcast")
def listening_panel(request: HttpRequest, podcast: Podcast) -> SafeString:
    """How often its episodes were downloaded, and who follows it by a private address."""
    episodes = list(Episode.objects.filter(podcast=podcast).order_by("-published_at", "-id")[:MOST_EPISODES])
    counted = tallies(EPISODE, [one.pk for one in episodes])
    context = {
        "rows": [(one.title, counted.get(one.pk, Tally())) for one in episodes], "row_name": gettext("Episode"),
        "total": tally_of_show(podcast.pk), "lately": tally_of_show(podcast.pk, since=days_ago(LATELY)),
    }  # fmt: skip
    return listening_card(request, Followed(SHOW, podcast.pk), context)


def listening_card(request: HttpRequest, followed: Followed, context: dict[str, Any]) -> SafeString:
    """`rows` of titles and tallies under `row_name`, `total` and `lately`; who follows it is counted here."""
    living = with_use(living_keys().filter(**{followed.column: followed.key}))
    card = {
        "listeners": living.count(), "shared": living.filter(IS_SHARED).count(), "days": LATELY,
        "addresses": addresses_of(followed),
    }  # fmt: skip
    return render_to_string("admin/media_library/listeners/panel.html", context | card, request)


def addresses_of(followed: Followed) -> str:
    """The list of its private addresses."""
    column = "podcast__id" if followed.column == SHOW else followed.column
    return f"{reverse('admin:media_library_listenerkey_changelist')}?{column}__exact={followed.key}"


@panel("media_library.Episode")
def downloads_panel(request: HttpRequest, episode: Episode) -> SafeString:
    """How often it was downloaded, in all and lately."""
    total, lately = (tallies(EPISODE, [episode.pk], since=since) for since in (None, days_ago(LATELY)))
    counted = {"total": total.get(episode.pk, Tally()), "lately": lately.get(episode.pk, Tally()), "days": LATELY}
    return render_to_string("admin/media_library/listeners/downloads.html", counted, request)
