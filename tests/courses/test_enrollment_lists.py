"""Whole lists: what is read, what each row is answered, and that trying writes nothing."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Invitation, Organization, User
from core.errors import Refused
from core.models import AuditEntry, OutgoingMail
from core.tenancy import organization_scope
from courses.admin import enrollment_upload
from courses.enrolling.rows import MOST_BYTES, MOST_ROWS, read_rows
from courses.models import Enrollment
from courses.models.access import CourseInvitation
from courses.services.enrolling import end_enrollment, leave_course
from tests.courses.conftest import Tides

ClientOf = Callable[[User], Client]
LIST, UPLOAD = "/api/v1/harbor/enrollments/list/", "/admin/courses/enrollment/list/"
SLUG = "tides-and-currents"


@pytest.mark.parametrize(
    "content",
    [
        b"email;course\nbob@harbor.test;tides\n",
        b"\xef\xbb\xbfE-Mail,Course\r\nBOB@harbor.test,tides\r\n",
        b'email,note,course\n"Bob <bob@harbor.test>","two\nlines",tides\n',
        "email\tcourse\nbob@harbor.test\ttides\n".encode("utf-16"),
    ],
)
def test_spreadsheets_of_every_make_are_read(content: bytes) -> None:
    assert [(row.line, row.email, row.course, row.fault) for row in read_rows(content)] == [
        (2, "bob@harbor.test", "tides", None)
    ]


def test_lines_are_counted_as_the_file_counts_them() -> None:
    rows = read_rows(b'email,note\na@x.test,"one\ntwo"\n\nb@x.test,\nnobody,\n')

    assert [(row.line, row.email, row.fault and row.fault[0]) for row in rows] == [
        (2, "a@x.test", None), (5, "b@x.test", None), (6, "nobody", "not_an_address"),
    ]  # fmt: skip


def test_bare_addresses_need_no_header() -> None:
    assert [row.email for row in read_rows(b"a@x.test\nb@x.test\n")] == ["a@x.test", "b@x.test"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"email\n", "empty"),
        (b"name\nBob\n", "no_email_column"),
        (b"\0\1\2", "not_text"),
        (b'email\n"' + b"x" * 200_000 + b'"', "not_csv"),
        (b"email\n" + b"a@x.test\n" * (MOST_ROWS + 1), "too_many_rows"),
        (b"x" * (MOST_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_list_is_refused_in_words(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rows(content)

    assert refused.value.code == code


pytest_db = pytest.mark.django_db

MIXED = f"""email,course,ends_at,action
bob@harbor.test,{SLUG},2100-12-31,
alice@harbor.test,{SLUG},,enroll
nina@people.test,{SLUG},,
nobody,{SLUG},,
bob@harbor.test,{SLUG},2100-12-31,
bob@harbor.test,{SLUG},,end
alice@harbor.test,nowhere,,
alice@harbor.test,,,
nina@people.test,{SLUG},2100-12-31,
otto@people.test,{SLUG},,end
otto@people.test,{SLUG},soon,
otto@people.test,{SLUG},,dance
vera@people.test,{SLUG},2020-01-01,
"""
ANSWERS = [
    (2, "enrolled", ""), (3, "returned", ""), (4, "invited", ""), (5, "refused", "not_an_address"),
    (6, "enrolled", "repeated"), (7, "refused", "contradiction"), (8, "refused", "no_such_course"),
    (9, "refused", "no_course"), (10, "refused", "contradiction"), (11, "refused", "not_enrolled"),
    (12, "refused", "not_a_date"), (13, "refused", "unknown_action"), (14, "refused", "ends_in_past"),
]  # fmt: skip


def told(answers: Any) -> list[tuple[int, str, str]]:
    return [(one["line"], one["state"], one["code"]) for one in answers]


def written(organization: Organization) -> list[int]:
    with organization_scope(organization):
        tables = (Enrollment, CourseInvitation, Invitation, OutgoingMail, AuditEntry)
        return [table.objects.count() for table in tables]


@pytest_db
def test_every_row_is_answered_and_trying_answers_the_same_and_writes_nothing(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    with organization_scope(organization):
        place = Enrollment.objects.create(course=tides.course, user=alice)
        end_enrollment(place, by=None)  # an operator's list did
    before = written(organization)

    def send(query: str = "") -> Any:
        return client.post(f"{LIST}{query}", MIXED.encode(), content_type="text/csv").json()["answers"]

    tried, after_trying = send("?dry_run=true"), written(organization)
    done = send()

    assert (told(tried), after_trying) == (ANSWERS, before)
    assert done == tried
    with organization_scope(organization):
        places = Enrollment.objects.filter(is_active=True).order_by("user__email")
        assert list(places.values_list("user__email", "source")) == [
            ("alice@harbor.test", "list"),
            ("bob@harbor.test", "list"),
        ]
        assert places[1].ends_at.isoformat() == "2100-12-31T23:00:00+00:00"  # the end of the day in Berlin
        assert list(CourseInvitation.objects.values_list("email", flat=True)) == ["nina@people.test"]


@pytest_db
def test_same_list_twice_changes_nothing_more(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    client, body = client_of(alice), {"rows": [{"email": bob.email}, {"email": "nina@people.test"}], "course": SLUG}

    answers = [client.post(LIST, body, content_type="application/json").json()["answers"] for _time in range(2)]

    assert [told(one) for one in answers] == [
        [(1, "enrolled", ""), (2, "invited", "")], [(1, "here", ""), (2, "invited", "")],
    ]  # fmt: skip
    assert written(organization)[:3] == [1, 1, 1]


@pytest_db
def test_list_ends_enrollments_and_invitations(
    organization: Organization, tides: Tides, alice: User, bobs_place: Enrollment, client_of: ClientOf
) -> None:
    client = client_of(alice)
    client.post(LIST, {"rows": [{"email": "nina@people.test", "course": SLUG}]}, content_type="application/json")
    ends = [{"email": email, "course": SLUG, "action": "end"} for email in ("bob@harbor.test", "nina@people.test")]

    answers = client.post(LIST, {"rows": ends}, content_type="application/json").json()["answers"]

    with organization_scope(organization):
        bobs_place.refresh_from_db()
        assert (told(answers), CourseInvitation.objects.count()) == ([(1, "ended", ""), (2, "ended", "")], 0)
        assert (bobs_place.is_active, bobs_place.ended_by_owner_at is not None) == (False, True)


@pytest_db
def test_seats_are_counted_row_by_row_also_when_trying(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        tides.course.seats = 1
        tides.course.save()
    body = {"rows": [{"email": bob.email, "course": SLUG}, {"email": alice.email, "course": SLUG}]}

    tried = client_of(alice).post(f"{LIST}?dry_run=1", body, content_type="application/json").json()["answers"]

    assert told(tried) == [(1, "enrolled", ""), (2, "refused", "course_full")]


@pytest_db
def test_only_owners_send_lists_and_strange_bodies_are_refused(
    tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    client, csv = client_of(alice), "text/csv"
    answers = [
        client_of(bob).post(LIST, b"email\na@x.test", content_type=csv),
        client.post(LIST, b"", content_type=csv),
        client.post(f"{LIST}?course=nowhere", b"a@x.test", content_type=csv),
        client.post(LIST, {"rows": []}, content_type="application/json"),
        client.post(LIST, {"rows": "x"}, content_type="application/json"),
        client.post(LIST, b"x", content_type="application/pdf"),
    ]

    assert [answer.status_code for answer in answers] == [403, 400, 404, 400, 400, 415]


@pytest_db
def test_owner_tries_and_then_enrolls_in_the_back_office(
    organization: Organization, tides: Tides, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    chosen = SimpleUploadedFile("learners.csv", "email;note\nbob@harbor.test;Größe\nnobody;\n".encode("utf-16"))
    form = {"course": tides.course.pk, "opened_in": organization.pk}

    tried = client.post(UPLOAD, {**form, "file": chosen, "try": "1"})
    after_trying = written(organization)[0]
    done = client.post(UPLOAD, {**form, "text": tried.context["text"], "enroll": "1"}).content.decode()

    assert ("This would happen" in tried.content.decode(), after_trying) == (True, 0)
    assert [words in done for words in ("This has happened", "Enrolled: 1", "Refused: 1")] == [True, True, True]
    assert written(organization)[0] == 1


@pytest_db
def test_inviting_does_what_trying_said_and_is_limited(
    organization: Organization, tides: Tides, alice: User, bobs_place: Enrollment, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        end_enrollment(bobs_place, by=alice)
    rows = f"bob@harbor.test,{SLUG},\nalice@harbor.test,{SLUG},2100-12-31\nnina@people.test,{SLUG},2100-12-31\n"
    client, form = client_of(alice), {"opened_in": organization.pk, "invites": "on"}
    table = f"email,course,ends_at\n{rows}alice@harbor.test,,\n"

    tried = client.post(UPLOAD, {**form, "text": table, "try": "1"}).context["answers"]
    done = client.post(UPLOAD, {**form, "text": table, "enroll": "1"}).context["answers"]
    many = "\n".join(f"person{number}@people.test" for number in range(51))
    refused = client.post(UPLOAD, {**form, "text": many, "course": tides.course.pk, "enroll": "1"})

    assert tried == done
    assert [(one.state.value, one.code) for one in done] == [
        ("refused", "enrollment_ended"), ("refused", "no_course"), ("enrolled", ""), ("invited", ""),
    ]  # fmt: skip
    assert ("At most 50 addresses" in refused.content.decode(), refused.context["answers"]) == (True, [])
    with organization_scope(organization):
        mails = set(OutgoingMail.objects.values_list("kind", "recipient"))
        ends = {str(Enrollment.objects.get(user=alice).ends_at), str(CourseInvitation.objects.get().ends_at)}
    assert mails == {("courses/mail/enrolled", alice.email), ("accounts/mail/invitation", "nina@people.test")}
    assert ends == {"2100-12-31 23:00:00+00:00"}


@pytest_db
def test_refused_rows_stand_first_and_a_file_has_all(
    organization: Organization, tides: Tides, alice: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrollment_upload, "ANSWERS_SHOWN", 2)
    lines = "a@people.test\nb@people.test\nc@people.test\nnobody\nno one\nnone"
    form = {"course": tides.course.pk, "opened_in": organization.pk, "text": lines, "try": "1"}
    client = client_of(alice)

    page = client.post(UPLOAD, form)
    file = b"".join(client.post(UPLOAD, {**form, "as_file": "on"})).decode().splitlines()

    assert [one.line for one in page.context["answers"]] == [4, 5, 6]
    assert "And 3 more rows, none of them refused." in page.content.decode()
    assert (len(file), file[0], file[1]) == (
        7, "line,email,course,state,code,message", f"1,a@people.test,{SLUG},invited,,",
    )  # fmt: skip


@pytest_db
def test_rows_that_say_the_same_become_the_same_whatever_was_wrong_before(
    organization: Organization, tides: Tides, alice: User, bobs_place: Enrollment, client_of: ClientOf
) -> None:
    told_rows = [("soon", ""), ("", "end"), ("", "end"), ("", "enroll")]
    rows = [{"email": "bob@harbor.test", "ends_at": ends_at, "action": action} for ends_at, action in told_rows]

    answers = client_of(alice).post(LIST, {"rows": rows, "course": SLUG}, content_type="application/json").json()

    assert told(answers["answers"]) == [
        (1, "refused", "not_a_date"), (2, "ended", ""), (3, "ended", "repeated"), (4, "refused", "contradiction"),
    ]  # fmt: skip


@pytest_db
def test_back_office_list_is_for_owners(tides: Tides, bob: User, alice: User, client_of: ClientOf) -> None:
    alice.memberships.update(role="creator")

    assert [client_of(user).get(UPLOAD).status_code for user in (bob, User.objects.get(pk=alice.pk))] == [302, 403]


@pytest_db
def test_command_enrolls_a_list_and_tells_each_row(
    organization: Organization, tides: Tides, alice: User, bob: User, tmp_path: Path
) -> None:
    path, out = tmp_path / "learners.csv", StringIO()
    path.write_text("email\nbob@harbor.test\nnobody\n")

    with pytest.raises(SystemExit) as ended:
        call_command("enroll_learners", "harbor", str(path), course=SLUG, by=alice.email, stdout=out)
    path.write_text("email\nbob@harbor.test\n")
    call_command("enroll_learners", "harbor", str(path), course=SLUG, dry_run=True, stdout=out)

    assert ended.value.code == 1
    assert [line.split()[:3] for line in out.getvalue().splitlines()] == [
        ["2", "enrolled", "bob@harbor.test"], ["3", "refused", "nobody"], ["2", "here", "bob@harbor.test"],
    ]  # fmt: skip
    with organization_scope(organization):
        assert AuditEntry.objects.get(action="course_granted").actor == alice


@pytest_db
@pytest.mark.parametrize("course", ["nowhere", SLUG])
def test_command_refuses_what_it_cannot_read(course: str, organization: Organization, tides: Tides) -> None:
    with pytest.raises(CommandError):
        call_command("enroll_learners", "harbor", "/nowhere.csv", course=course)


@pytest_db
def test_learner_who_left_by_themselves_returns_with_a_list(
    organization: Organization, tides: Tides, alice: User, bob: User, bobs_place: Enrollment, client_of: ClientOf
) -> None:
    with organization_scope(organization):
        leave_course(tides.course, user=bob)

    body = {"rows": [{"email": bob.email, "course": SLUG}]}
    answers = client_of(alice).post(LIST, body, content_type="application/json").json()["answers"]

    assert told(answers) == [(1, "returned", "")]
