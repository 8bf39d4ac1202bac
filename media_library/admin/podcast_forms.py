"""What makers type about shows, episodes, seasons and people."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminURLInputWidget,
)

from core.forms import OrganizationForm
from media_library.models import Episode, Podcast, PodcastPerson, Season
from media_library.models.podcasts import LARGEST_NUMBER
from media_library.podcasts.categories import grouped_categories
from media_library.podcasts.people import remove_person, save_person
from media_library.podcasts.seasons import delete_season, make_way, save_season
from media_library.podcasts.shows import LOCKED_NEEDS_OWNER
from media_library.podcasts.taxonomy import HOST, group_of, grouped_roles
from media_library.views.lookup import key_named

DESCRIPTION = UnfoldAdminTextareaWidget(attrs={"rows": 6})
PICKED = "image/jpeg,image/png"


def web_address(label: Any, help_text: Any = "") -> forms.URLField:
    return forms.URLField(
        label=label, required=False, max_length=1000, assume_scheme="https", widget=UnfoldAdminURLInputWidget,
        help_text=help_text,
    )  # fmt: skip


class ArtworkForm(OrganizationForm):
    """With a picture that takes the place of the one there is."""

    file = forms.FileField(
        label=_("Artwork"), required=False, allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": PICKED}),
        help_text=_("JPEG or PNG, square, 1,400 to 3,000 pixels a side."),
    )  # fmt: skip


class PodcastForm(ArtworkForm):
    category = forms.ChoiceField(label=_("Category"), required=False, widget=UnfoldAdminSelectWidget)
    link = web_address(_("Website"), _("Empty: its page here."))
    new_feed_url = web_address(_("New feed"), _("Where a public feed has moved to; apps follow it there."))

    class Meta:
        model = Podcast
        fields = [
            "title", "slug", "description", "author", "owner_name", "owner_email", "link", "language", "category",
            "copyright", "type", "medium", "audience", "is_explicit", "is_locked", "is_complete", "new_feed_url",
        ]  # fmt: skip
        widgets = {"description": DESCRIPTION}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", "description", "language"):
            self.fields[name].required = False
        self.fields["slug"].help_text = _("The end of its address. Empty: made of the title.")
        category: Any = self.fields["category"]
        category.choices = [("", _("None yet")), *grouped_categories()]

    def clean(self) -> Any:
        """A new one is filled in with its maker's: whoever takes that out has to open the lock, too."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance._state.adding and cleaned.get("is_locked") and not self.data.get("owner_email"):
            self.add_error("owner_email", forms.ValidationError(str(LOCKED_NEEDS_OWNER), code="owner_missing"))
        return cleaned


class EpisodeForm(ArtworkForm):
    url = web_address(_("Sound from an address"), _("It is fetched into the library, where no media is chosen."))
    link = web_address(_("Website"), _("Empty: its page here."))

    class Meta:
        model = Episode
        fields = [
            "podcast", "media", "title", "description", "season", "number", "type", "published_at", "is_explicit",
            "link",
        ]  # fmt: skip
        widgets = {"description": DESCRIPTION}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].required = False
        explicit: Any = self.fields["is_explicit"]
        explicit.widget.choices = [("unknown", _("As the show")), ("true", _("Yes")), ("false", _("No"))]
        explicit.help_text = ""
        words = _("May lie in the future. Empty: a draft. Times are those of %(zone)s.")
        self.fields["published_at"].help_text = words % {"zone": timezone.get_current_timezone_name()}
        self._offer_seasons()
        moment: Any = self.fields["published_at"].widget
        for part, label in zip(moment.widgets, (_("Publication: date"), _("Publication: time")), strict=True):
            part.attrs["aria-label"] = label
        if self.instance._state.adding:
            self.fields["title"].help_text = _("Empty: as its media is called.")
        else:
            self.fields["url"].initial = self.instance.enclosure_url

    def _offer_seasons(self) -> None:
        """Those of its show; of all shows, each with the name of its own, until one is chosen."""
        season: Any = self.fields["season"]
        season.error_messages["invalid_choice"] = _("This is a season of another show.")
        show = self.instance.podcast_id or key_named(str(self.data.get("podcast") or self.initial.get("podcast") or ""))
        if show:
            season.queryset = Season.objects.filter(podcast=show)
            return
        season.queryset = Season.objects.select_related("podcast").order_by("podcast__title", "number")
        season.label_from_instance = lambda one: f"{one.podcast} › {one}"


class SeasonForm(OrganizationForm):
    number = forms.IntegerField(
        label=_("Number"), required=False, min_value=1, max_value=LARGEST_NUMBER,
        help_text=_("Empty: the next one."),
        widget=UnfoldAdminIntegerFieldWidget(attrs={"aria-label": _("Number")}),
    )  # fmt: skip

    class Meta:
        model = Season
        fields = ["number", "name"]

    def validate_constraints(self) -> None:
        """Two rows may swap their numbers: whether one is taken is seen when they are written."""


class PersonForm(OrganizationForm):
    """The role is chosen together with its group."""

    part = forms.ChoiceField(
        label=_("Role"), choices=lambda: list(grouped_roles()),
        widget=UnfoldAdminSelectWidget(attrs={"aria-label": _("Role")}),
    )  # fmt: skip
    link = web_address(_("Website"))

    class Meta:
        model = PodcastPerson
        fields = ["name", "part", "link", "position"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].required = False
        self.fields["link"].widget.attrs["aria-label"] = _("Website")
        self.initial.setdefault("part", f"{self.instance.group}/{self.instance.role}")
        self.fields["part"].initial = f"{group_of(HOST)}/{HOST}"

    def clean(self) -> Any:
        cleaned = super().clean() or self.cleaned_data
        cleaned["position"] = cleaned.get("position") or 0
        self.instance.group, _slash, self.instance.role = cleaned.get("part", "").partition("/")
        return cleaned


class VerbFormSet(PaginationInlineFormSet):
    """Translates the posted rows into verbs. `by` is set before it is saved."""

    by: Any = None

    def save_new(self, form: Any, commit: bool = True) -> Any:
        setattr(form.instance, self.fk.name, self.instance)
        return self.write(form.save(commit=False), form)

    def save_existing(self, form: Any, obj: Any, commit: bool = True) -> Any:
        return self.write(form.save(commit=False), form)

    def delete_existing(self, obj: Any, commit: bool = True) -> None:
        self.remove(obj)

    def write(self, row: Any, form: Any) -> Any:
        raise NotImplementedError

    def remove(self, row: Any) -> None:
        raise NotImplementedError


class SeasonFormSet(VerbFormSet):
    def save(self, commit: bool = True) -> Any:
        moved = [form.instance for form in self.initial_forms if "number" in form.changed_data]
        if len(moved) > 1:
            make_way(moved)
        return super().save(commit=commit)

    def write(self, row: Season, form: Any) -> Season:
        return save_season(row, by=self.by, written=form.changed_data)

    def remove(self, row: Season) -> None:
        delete_season(row, by=self.by)


class PersonFormSet(VerbFormSet):
    """Of a show or of an episode; those of an episode belong to its show too."""

    def write(self, row: PodcastPerson, form: Any) -> PodcastPerson:
        if isinstance(self.instance, Episode):
            row.podcast = self.instance.podcast
        chosen = ["role", "group"] if "part" in form.changed_data else []
        return save_person(row, by=self.by, written=[*form.changed_data, *chosen])

    def remove(self, row: PodcastPerson) -> None:
        remove_person(row, by=self.by)
