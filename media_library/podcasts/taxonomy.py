"""What people do for a show: the roles of the Podcasting 2.0 taxonomy by their groups. Pure.

Kept in lower case, as feeds commonly have them; apps compare without regard to case.
"""

from collections.abc import Iterator

HOST = "host"
TAXONOMY: dict[str, tuple[str, ...]] = {
    "Cast": ("Host", "Co-Host", "Guest Host", "Guest", "Voice Actor", "Narrator", "Announcer", "Reporter"),
    "Creative Direction": (
        "Director", "Assistant Director", "Executive Producer", "Senior Producer", "Producer", "Associate Producer",
        "Development Producer", "Creative Director",
    ),
    "Writing": (
        "Author", "Editorial Director", "Co-Writer", "Writer", "Songwriter", "Guest Writer", "Story Editor",
        "Managing Editor", "Script Editor", "Script Coordinator", "Researcher", "Editor", "Fact Checker", "Translator",
        "Transcriber", "Logger",
    ),
    "Audio Production": (
        "Studio Coordinator", "Technical Director", "Technical Manager", "Audio Engineer", "Remote Recording Engineer",
        "Post Production Engineer",
    ),
    "Audio Post-Production": (
        "Audio Editor", "Sound Designer", "Foley Artist", "Composer", "Theme Music", "Music Production",
        "Music Contributor",
    ),
    "Administration": (
        "Production Coordinator", "Booking Coordinator", "Production Assistant", "Content Manager", "Marketing Manager",
        "Sales Representative", "Sales Manager",
    ),
    "Visuals": ("Graphic Designer", "Cover Art Designer"),
    "Community": ("Social Media Manager",),
    "Misc.": ("Consultant", "Intern"),
    "Video Production": ("Camera Operator", "Lighting Designer", "Camera Grip", "Assistant Camera"),
    "Video Post-Production": ("Editor", "Assistant Editor"),
}  # fmt: skip
_ROLES = {group.lower(): [role.lower() for role in roles] for group, roles in TAXONOMY.items()}


def is_role(role: str, *, group: str) -> bool:
    return role in _ROLES.get(group, ())


def group_of(role: str) -> str:
    """The first group that has it; empty for no role."""
    return next((group for group, roles in _ROLES.items() if role in roles), "")


def grouped_roles() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """For a choice: pairs of `group/role` and its words, by group."""
    for group, roles in TAXONOMY.items():
        yield group, [(f"{group}/{role}".lower(), role) for role in roles]
