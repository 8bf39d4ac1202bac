"""Have a course made of media of the library, or of addresses."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from accounts.management.choosing import chosen_member
from accounts.permissions import can
from core.errors import Refused
from core.tenancy import organization_scope
from knowledge.course_drafts.starting import start_course_draft
from knowledge.management.choosing import chosen_course, chosen_media

WISHES = ("title", "notes", "quizzes")


class Command(BaseCommand):
    help = "Draft a course of media, by workers. Says where to watch it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("media", nargs="*", type=UUID, help="keys of media, in order")
        parser.add_argument("--organization", required=True, help="its slug")
        parser.add_argument("--as", required=True, dest="email", help="who has it drafted: a member who may")
        parser.add_argument("--addresses", action="store_true", help="read addresses from standard input")
        parser.add_argument("--course", type=UUID, help="propose changes of this one instead of making a new one")
        parser.add_argument("--title", default="")
        parser.add_argument("--notes", action="store_true", help="notes for each video")
        parser.add_argument("--quizzes", action="store_true", help="a quiz for each video")

    def handle(self, *args: Any, organization: str, email: str, **options: Any) -> None:
        member = chosen_member(email, organization)
        if not can(member.user, "content.edit", member.organization):
            raise CommandError(f"{email} may not make courses in {organization}.")
        try:
            with organization_scope(member.organization):
                self.stdout.write(_started(options, by=member.user))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal


def _started(options: dict[str, Any], *, by: Any) -> str:
    media, course = chosen_media(options["media"]), chosen_course(options["course"])
    addresses = sys.stdin.read() if options["addresses"] else ""
    wishes = {name: options[name] for name in WISHES}
    draft = start_course_draft(media, by=by, course=course, addresses=addresses, **wishes)
    return f"Draft {draft.pk} of “{draft.course}”: workers go on with it."
