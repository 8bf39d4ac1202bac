"""What is really announced, told as the registry and the README say."""

import re
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from accounts.models import Membership
from analytics.models import Delivery
from analytics.personal_data import Deliveries
from analytics.webhooks.kinds import CHOOSABLE, KINDS, PERSONAL
from analytics.webhooks.signing import new_secret, signed_headers
from core.announcements import announce
from core.holdings import Person
from core.tenancy import every_organization
from courses.models import Attempt, Certificate, ContentItem, Enrollment, Quiz
from tests.analytics.webhooks import add_endpoint
from tests.courses.homework import make_homework

README = (Path(django_settings.BASE_DIR) / "README.md").read_text()
SECTION = README.split("## Webhooks", 1)[1].split("\n## ", 1)[0]
EVERYTHING = [kind.type for kind in CHOOSABLE]


@pytest.fixture
def told(scope, talk, alice, bob):
    """A message of each kind, by its type, with names and without."""
    add_endpoint("https://hooks.example.com/a", EVERYTHING, name="Named", with_names=True)
    add_endpoint("https://hooks.example.com/b", EVERYTHING, name="Discreet")
    homework = make_homework(alice, learner=bob)
    submission = homework.handed_in()
    place = Enrollment.objects.get(user=bob)
    quiz = Quiz.objects.create(title="Tides")
    attempt = Attempt.objects.create(quiz=quiz, enrollment=place, number=1, points=2, points_possible=3, passed=True)
    certificate = Certificate.objects.create(enrollment=place, number="1", completed_at=timezone.now())
    membership = Membership.objects.get(user=bob)
    announce("media_completed", talk)
    announce("media_failed", talk)
    announce("member_joined", membership, addresses=frozenset())
    announce("item_completed", ContentItem.objects.get(pk=homework.essay.pk), enrollment=place)
    announce("course_completed", place.course, enrollment=place)
    announce("quiz_submitted", quiz, attempt=attempt)
    announce("assignment_graded", submission.assignment, submission=submission)
    announce("certificate_issued", certificate)
    return {
        name: {one.type: one.payload for one in Delivery.objects.filter(endpoint__name=name)}
        for name in ("Named", "Discreet")
    }


def shape(data):
    return {name: set(held) for name, held in data.items()}


def test_every_kind_has_the_shape_that_it_says(told):
    said = {type: shape(kind.data) for type, kind in KINDS.items() if type != "ping"}
    discreet = {
        type: {name: held - set(PERSONAL) if name == "person" else held for name, held in data.items()}
        for type, data in said.items()
    }

    assert {type: shape(message["data"]) for type, message in told["Named"].items()} == said
    assert {type: shape(message["data"]) for type, message in told["Discreet"].items()} == discreet
    assert not re.search("bob", str(told["Discreet"]).lower())
    assert all(
        set(message) == {"id", "type", "occurred_at", "organization", "data"} for message in told["Named"].values()
    )


def test_the_readme_names_every_kind_and_what_it_holds():
    rows = re.findall(r"^\| `([a-z.]+)` \| (.*?) \|$", SECTION, re.MULTILINE)

    assert dict(rows) == {
        type: "; ".join(f"`{name}`: {', '.join(held)}" for name, held in kind.data.items())
        for type, kind in KINDS.items()
    }


def test_the_example_of_the_readme_tells_true_messages_from_false_ones():
    example = re.search(r"```python\n(.*?)```", SECTION, re.DOTALL).group(1)
    names = {}
    exec(compile(example, "README.md", "exec"), names)  # noqa: S102  (our own README)
    old, new, body = new_secret(), new_secret(), '{"type":"ping","é":1}'.encode()
    headers = signed_headers("id-1", timestamp=int(time.time()), body=body, with_secrets=[new, old])
    late = signed_headers("id-1", timestamp=int(time.time()) - 301, body=body, with_secrets=[new])

    verified = names["is_from_lectern"]
    assert (verified(headers, body, new), verified(headers, body, old)) == (True, True)
    assert not verified(headers, body + b" ", new)
    assert not verified(headers, body, new_secret())
    assert not verified({**headers, "webhook-id": "id-2"}, body, new)
    assert not verified(late, body, new)


def test_whoever_is_erased_is_told_of_no_more(told, bob, charlie):
    tried = {"at": "2026-01-01T00:00:00+00:00", "status": 500, "milliseconds": 1, "answer": "no bob", "error": ""}
    Delivery.objects.update(attempts=[tried])
    person = Person(bob, frozenset({bob.email}), frozenset(), bob.pseudonym, charlie.pseudonym)
    with every_organization(reason="somebody's data spans all organizations"):
        given = list(Deliveries().export(person))
        Deliveries().erase(person)

    left = Delivery.objects.exclude(type__startswith="media.")
    assert {record["type"] for record in given} == set(EVERYTHING) - {"media.ready", "media.failed"}
    assert {(one.learner, str(one.payload), one.state, one.attempts[0]["answer"]) for one in left} == {
        (None, "{}", "skipped", "")
    }
    assert Delivery.objects.filter(payload={}).count() == left.count() == len(given)
