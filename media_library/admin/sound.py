"""The sound of a media item in the back office: to listen to, to save, and what was done about its loudness."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.admin import panel
from media_library.links import audience_of
from media_library.models import Media
from media_library.player import MediaAddresses
from media_library.services.sounding import audio_of
from media_library.wording import words_for_size


@panel("media_library.Media")
def sound_panel(request: HttpRequest, media: Media) -> SafeString:
    """Nothing while no sound has been made."""
    address = MediaAddresses(media, request.organization.slug, audience_of(request))  # type: ignore[attr-defined]
    made = audio_of(media)
    files = [
        {"kind": one.get_kind_display(), "url": address.file(one), "size": words_for_size(one.size_bytes)}
        for one in made
    ]
    context = {"files": files, "loudness": loudness_words(made[0].facts) if made else ""}
    return render_to_string("admin/media_library/media/sound.html", context, request)


def loudness_words(facts: dict[str, Any]) -> str:
    """One sentence about what was done."""
    if facts.get("normalization") == "none":
        return _unmeasured(facts.get("unmeasured", ""))
    numbers = {name: f"{facts[name]:.1f}" for name in ("loudness_before", "loudness", "true_peak")}
    words = _("Loudness was %(loudness_before)s LUFS and is %(loudness)s LUFS; the highest peak is %(true_peak)s dBTP.")
    return f"{words % numbers} {_manner(facts['normalization'])}"


def _unmeasured(reason: str) -> str:
    if reason == "too_short":
        return _("Too short for its loudness to be measured: the sound is as it was.")
    return _("There is nothing to hear: the sound is as it was.")


def _manner(normalization: str) -> str:
    if normalization == "linear":
        return _("All of it was changed by the same amount.")
    return _("Loud and quiet passages were brought closer together.")
