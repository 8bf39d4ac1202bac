"""Drafts that an organization wants of everything, once its first words are there."""

from accounts.models import Organization
from core.tenancy import current_organization_id
from knowledge.drafting.generating import generate_draft, missing_for
from knowledge.models import DraftKind
from media_library.models import Media


def draft_first_words(media: Media) -> None:
    """What the organization wants and this media item never had; nothing where nobody could write it."""
    if media.transcript is None or not media.transcript.words:
        return
    wanted = _wanted()
    if not wanted:
        return
    had = set(media.drafts.values_list("kind", flat=True))
    for kind in wanted:
        if kind not in had and not missing_for(kind):
            generate_draft(media, kind, by=None)


def _wanted() -> list[str]:
    here = Organization.objects.filter(pk=current_organization_id())
    notes, quiz = here.values_list("drafts_notes", "drafts_quiz").get()
    return [kind for kind, is_wanted in ((DraftKind.NOTES, notes), (DraftKind.QUIZ, quiz)) if is_wanted]
