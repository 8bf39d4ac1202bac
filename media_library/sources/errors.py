"""What can go wrong with a host, in one vocabulary for all of them (research/contracts.md, section 0)."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: code: what the creator reads, and what to do about it. `%(host)s` is the name of the host.
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {
    "not_found": (_("%(host)s does not know this video."), _("Please check the address.")),
    "private": (
        _("This video is private on %(host)s."),
        _("Make it public or unlisted there, or upload the file here."),
    ),
    "login_required": (
        _("%(host)s shows this video only to those who are logged in there."),
        _("Let everybody with the link watch it, or upload the file here."),
    ),
    "region_blocked": (_("%(host)s does not show this video in every country."), _("Lift the restriction there.")),
    "age_restricted": (
        _("%(host)s shows this video only to adults who are logged in there."),
        _("Lift the age restriction there, or upload the file here."),
    ),
    "embed_disabled": (
        _("%(host)s does not let this video play on other sites."),
        _("Allow embedding in its settings there, or upload the file here."),
    ),
    "deleted": (_("This video was deleted on %(host)s."), _("Upload the file here if you still have it.")),
    "rate_limited": (_("%(host)s asks for a pause."), _("It goes on by itself.")),
    "quota_exhausted": (_("The quota at %(host)s is used up."), _("It goes on by itself when it is full again.")),
    "auth_invalid": (
        _("%(host)s refused the credentials."),
        _("Please check them under Sources, where a button tells what works."),
    ),
    "captions_absent": (_("%(host)s has no captions for this video."), _("Add captions there, or a file here.")),
    "captions_language_missing": (
        _("%(host)s has no captions in a language that is asked for."),
        _("Add captions there, or a file here."),
    ),
    "blocked_by_provider": (
        _("%(host)s refuses to answer this server."),
        _("Add the captions as a file, or ask the operator for a proxy."),
    ),
    "provider_changed": (
        _("%(host)s answered something that could not be understood."),
        _("The operator finds the details with the step."),
    ),
    "network": (_("%(host)s could not be reached in time."), ""),
    "provider_5xx": (_("%(host)s has trouble of its own."), ""),
    "not_ready": (_("%(host)s is still preparing this video."), _("It goes on by itself.")),
    "unplayable": (
        _("%(host)s could not prepare this video."),
        _("Upload it there once more, or upload the file here."),
    ),
}
RETRIED = frozenset({"network", "provider_5xx"})
POSTPONED = frozenset({"rate_limited", "quota_exhausted", "not_ready"})
#: What says nothing about a video, and all about whether its host answers us.
UNREACHED = RETRIED | {"blocked_by_provider", "provider_changed", "auth_invalid"}
#: Nothing more is to be had from this rung of the ladder; the next one may have it.
NEXT_RUNG = frozenset(WORDS) - RETRIED - POSTPONED


class SourceError(Exception):
    """A host did not give what was asked of it.

    ``code`` is a key of WORDS; ``delay`` is in seconds, for what is postponed, None where the host named no time;
    ``detail`` is for operators and holds no secret; ``hint`` says what to do where the list's own words do not fit.
    """

    def __init__(self, code: str, *, delay: float | None = None, detail: str = "", hint: str | Promise = "") -> None:
        assert code in WORDS, code  # noqa: S101  (one list, and nothing beside it)
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.delay, self.detail, self.hint = code, delay, detail, hint

    def message(self, host: Any) -> str:
        """A sentence that says what is wrong, and one that says what to do where there is something to be done."""
        wrong, hint = WORDS[self.code]
        return " ".join(str(words) % {"host": host} for words in (wrong, self.hint or hint) if words)


class NotOneVideo(Exception):
    """An address of a host that is no address of one video. ``hint`` is for the creator."""

    def __init__(self, hint: str | Promise) -> None:
        super().__init__(str(hint))
        self.hint = hint
