"""What people do for a show: the roles of the Podcasting 2.0 taxonomy by their groups. Pure.

Kept in lower case, as feeds commonly have them; apps compare without regard to case.
"""

from collections.abc import Iterator

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

HOST = "host"
TAXONOMY: dict[str, tuple[str, ...]] = {
    _("Cast"): (
        _("Host"), _("Co-Host"), _("Guest Host"), _("Guest"), _("Voice Actor"), _("Narrator"), _("Announcer"),
        _("Reporter"),
    ),
    _("Creative Direction"): (
        _("Director"), _("Assistant Director"), _("Executive Producer"), _("Senior Producer"), _("Producer"),
        _("Associate Producer"), _("Development Producer"), _("Creative Director"),
    ),
    _("Writing"): (
        _("Author"), _("Editorial Director"), _("Co-Writer"), _("Writer"), _("Songwriter"), _("Guest Writer"),
        _("Story Editor"), _("Managing Editor"), _("Script Editor"), _("Script Coordinator"), _("Researcher"),
        _("Editor"), _("Fact Checker"), _("Translator"), _("Transcriber"), _("Logger"),
    ),
    _("Audio Production"): (
        _("Studio Coordinator"), _("Technical Director"), _("Technical Manager"), _("Audio Engineer"),
        _("Remote Recording Engineer"), _("Post Production Engineer"),
    ),
    _("Audio Post-Production"): (
        _("Audio Editor"), _("Sound Designer"), _("Foley Artist"), _("Composer"), _("Theme Music"),
        _("Music Production"), _("Music Contributor"),
    ),
    _("Administration"): (
        _("Production Coordinator"), _("Booking Coordinator"), _("Production Assistant"), _("Content Manager"),
        _("Marketing Manager"), _("Sales Representative"), _("Sales Manager"),
    ),
    _("Visuals"): (_("Graphic Designer"), _("Cover Art Designer")),
    _("Community"): (_("Social Media Manager"),),
    _("Misc."): (_("Consultant"), _("Intern")),
    _("Video Production"): (_("Camera Operator"), _("Lighting Designer"), _("Camera Grip"), _("Assistant Camera")),
    _("Video Post-Production"): (_("Editor"), _("Assistant Editor")),
}  # fmt: skip
_ROLES = {group.lower(): [role.lower() for role in roles] for group, roles in TAXONOMY.items()}
_WORDS = {role.lower(): role for roles in TAXONOMY.values() for role in roles}


def is_role(role: str, *, group: str) -> bool:
    return role in _ROLES.get(group, ())


def group_of(role: str) -> str:
    """The first group that has it; empty for no role."""
    return next((group for group, roles in _ROLES.items() if role in roles), "")


def grouped_roles() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For a choice: pairs of `group/role` and its words, by group."""
    for group, roles in TAXONOMY.items():
        yield gettext(group), [(f"{group}/{role}".lower(), gettext(role)) for role in roles]


def words_for_role(role: str) -> str:
    """As the taxonomy writes it, in the reader's language; what it does not know stays as it is."""
    known = _WORDS.get(role)
    return gettext(known) if known else role
