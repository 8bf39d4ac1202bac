"""Rules as makers edit them in the back office, without JSON and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Organization, User
from courses.admin.forms import ChapterForm, ContentItemForm
from courses.models import ContentItem
from tests.courses.conftest import Tides

pytestmark = pytest.mark.django_db


def sent(*rows: dict[str, Any], match: str = "all") -> dict[str, Any]:
    fields = {f"availability-{n}-{name}": str(value) for n, row in enumerate(rows) for name, value in row.items()}
    return {"title": "Endings", "availability-match": match, **fields}


def test_rows_become_rules_by_the_clock_of_the_organization(tides: Tides, scope: Organization) -> None:
    chapter = tides.test.chapter
    rows = sent(
        {"kind": "date", "at": "2027-05-03T00:00", "days": "7"}, {"kind": ""},
        {"kind": "days", "days": "7"}, {"kind": "after_item", "item": tides.text.pk},
        {"kind": "min_score", "item": "", "percent": "x"}, match="any",
    )  # fmt: skip
    bad = rows.pop("availability-4-kind")

    with timezone.override(scope.zone):
        form = ChapterForm(rows, instance=chapter)
        valid, cleaned = form.is_valid(), form.cleaned_data["availability"]
        refused = ChapterForm({**rows, "availability-4-kind": bad}, instance=chapter)

    assert (valid, cleaned) == (
        True,
        {
            "match": "any",
            "rules": [
                {"kind": "date", "at": "2027-05-02T22:00:00+00:00"}, {"kind": "days", "days": 7},
                {"kind": "after_item", "item": str(tides.text.pk)},
            ],
        },
    )  # fmt: skip
    assert refused.errors == {"availability": ["Rule 4: Write the key of something in this course."]}


def test_what_would_wait_for_itself_is_neither_offered_nor_taken(tides: Tides, scope: Organization) -> None:
    own = ChapterForm(sent({"kind": "after_item", "item": tides.test.pk}), instance=tides.test.chapter)
    around = ContentItemForm(
        {**sent({"kind": "after_chapter", "chapter": tides.text.chapter_id}), "text": "Words", "state": "published"},
        instance=tides.text,
    )

    told = ["Rule 1: It would wait for itself: choose something else."]
    assert (own.errors["availability"], around.errors["availability"]) == (told, told)
    offered = [key for key, _title in ContentItemForm(instance=tides.text).fields["availability"].parts.other_items()]
    assert offered == ["", str(tides.video.pk), str(tides.test.pk)]


def test_page_shows_the_rules_and_three_empty_rows(
    tides: Tides, alice: User, client_of: Callable[[User], Client], scope: Organization
) -> None:
    rules = [{"kind": "date", "at": "2027-05-02T22:00:00+00:00"}, {"kind": "days", "days": 7}]
    ContentItem.objects.filter(pk=tides.text.pk).update(availability={"match": "any", "rules": rules})

    page = client_of(alice).get(f"/admin/courses/contentitem/{tides.text.pk}/change/").content.decode()

    parts = ("data-rule", 'value="2027-05-03T00:00"', 'name="availability-1-days" value="7"', 'value="any" selected')
    assert [page.count(part) for part in parts] == [5, 1, 1, 1]
