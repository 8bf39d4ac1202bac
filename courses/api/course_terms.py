"""On what terms one takes a course, as integrators read and write them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from courses.enrolling.seats import seats_taken
from courses.models import Course

TERMS = (
    "access", "seats", "seats_taken", "opens_at", "closes_at", "watched_from", "watched_slides",
    "category", "awards_certificate", "certificate_signer",
)  # fmt: skip


class CourseTerms(serializers.ModelSerializer):
    """The part of a course that says who may take it, when, and what one gets for it."""

    seats_taken = serializers.SerializerMethodField(help_text="By enrollments that have not ended.")

    class Meta:
        model = Course
        fields = list(TERMS)

    def get_seats_taken(self, course: Course) -> int:
        """Lists bring it with them (`with_seats_taken`)."""
        brought: int | None = getattr(course, "seats_taken", None)
        return seats_taken(course) if brought is None else brought

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        opens, closes = (attrs.get(name, getattr(self.instance, name, None)) for name in ("opens_at", "closes_at"))
        if opens is not None and closes is not None and closes <= opens:
            raise serializers.ValidationError({"closes_at": [_("The course would close before it opens.")]})
        return attrs
