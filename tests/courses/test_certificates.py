"""Certificates: earned once, verified by anybody, revocable."""

from collections.abc import Callable
from io import BytesIO
from threading import Barrier, Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from pypdf import PdfReader

from accounts.models import Membership, Organization, Role, User
from core.tenancy import organization_scope
from courses.models import Certificate, ContentItem, CourseCompletion, Enrollment, Note, Reason
from courses.services.certificates import find_certificate, issue_certificate, revoke_certificate
from courses.services.enrolling import end_enrollment
from courses.services.progress import complete_item
from courses.services.publishing import unpublish_course
from tests.courses.conftest import Tides

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
PAGE = "/harbor/courses/tides-and-currents/certificate/"
FILE = "/harbor/courses/tides-and-currents/certificate.pdf"


def complete(enrollment: Enrollment) -> None:
    for item in ContentItem.objects.of_course(enrollment.course_id):
        complete_item(item, enrollment=enrollment, reason=Reason.READ)


@pytest.fixture
def certificate(tides: Tides, bobs_place: Enrollment, organization: Organization) -> Certificate:
    with organization_scope(organization):
        complete(bobs_place)
        return Certificate.objects.get()


def test_completing_the_course_earns_a_certificate(certificate: Certificate, scope: Organization) -> None:
    earned = (certificate.learner_name, certificate.course_title, certificate.revoked_at)

    assert earned == ("Bob", "Tides and currents", None)
    assert certificate.completed_at == CourseCompletion.objects.get().completed_at
    assert (len(certificate.number), certificate.number.count("-")) == (14, 2)


def test_a_later_title_does_not_change_what_was_earned(
    certificate: Certificate, client_of: ClientOf, bob: User
) -> None:
    with organization_scope(certificate.organization):
        certificate.enrollment.course.title = "Renamed"
        certificate.enrollment.course.save()

    page = client_of(bob).get(PAGE).content.decode()

    assert 'certificate__course">Tides and currents<' in page


@pytest.mark.parametrize("lost", ["unpublished", "ended"])
def test_what_was_earned_stays_when_the_course_is_seen_no_longer(
    lost: str, certificate: Certificate, tides: Tides, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    """Customers see the courses they take, and no others."""
    Membership.objects.filter(user=bob).update(role=Role.CUSTOMER)
    Note.objects.create(user=bob, course=tides.course, item=tides.text, item_title="The words", text="Mine")
    if lost == "ended":
        end_enrollment(certificate.enrollment, by=alice)
    else:
        unpublish_course(tides.course, by=alice)
    client, course = client_of(bob), "/harbor/courses/tides-and-currents/"

    own = ("certificate/", "progress/", "notes/", "notes.md", "certificate.pdf")
    pages = [client.get(course + rest) for rest in own]
    shut = client.get(course)
    Enrollment.objects.all().delete()
    Note.objects.all().delete()

    assert ([page.status_code for page in pages], shut.status_code) == ([200] * 5, 404)
    dead = (f'href="{course}"', f'href="{course}learn/', 'href="../"', 'href="../learn/')
    assert [[link in page.content.decode() for link in dead] for page in pages[:3]] == [[False] * 4] * 3
    assert [client.get(course + rest).status_code for rest in own] == [404] * 5


def test_page_before_completion_says_what_is_missing(bobs_place: Enrollment, bob: User, client_of: ClientOf) -> None:
    client = client_of(bob)

    refused = client.post(PAGE, follow=True)

    assert "You have done 0 of 3 lessons that count." in refused.content.decode()
    assert [str(message) for message in refused.context["messages"]] == ["The course is not completed yet."]
    assert client.get(FILE).status_code == 404


def test_a_name_is_asked_for_where_the_account_has_none(
    bobs_place: Enrollment, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    User.objects.filter(pk=bob.pk).update(name="")
    complete(Enrollment.objects.get())
    client = client_of(bob)
    issued_at_once = Certificate.objects.exists()

    nameless = client.post(PAGE, {"name": "  "}, follow=True)
    client.post(PAGE, {"name": "Bob  Rivers"})

    assert (issued_at_once, Certificate.objects.get().learner_name) == (False, "Bob Rivers")
    assert [str(message) for message in nameless.context["messages"]] == ["Write the name that is to stand on it."]


def test_pdf_says_the_same_and_is_tagged(certificate: Certificate, bob: User, client_of: ClientOf) -> None:
    answer = client_of(bob).get(FILE)

    reader = PdfReader(BytesIO(answer.content))
    words = reader.pages[0].extract_text()
    found = [text in words for text in ("Harbor School", "Bob", "Tides and currents", certificate.number)]
    assert (answer["Content-Type"], len(reader.pages), found) == ("application/pdf", 1, [True] * 4)
    assert (reader.trailer["/Root"]["/MarkInfo"]["/Marked"], reader.trailer["/Root"]["/Lang"]) == (True, "en")


def test_pdf_takes_names_as_words_only(certificate: Certificate, bob: User, client_of: ClientOf) -> None:
    with organization_scope(certificate.organization):
        Certificate.objects.update(learner_name='#panic("x") $1/0$ *b* <l> "')

    answer = client_of(bob).get(FILE)

    assert '#panic("x") $1/0$ *b* <l> "' in PdfReader(BytesIO(answer.content)).pages[0].extract_text()


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda number: number.replace("-", ""), lambda number: f" {number} "]
)
def test_number_is_found_as_people_type_it(
    typed: Callable[[str], str], certificate: Certificate, scope: Organization
) -> None:
    assert find_certificate(typed(certificate.number)) == certificate


def test_anybody_verifies_by_the_number_also_in_a_closed_organization(certificate: Certificate) -> None:
    answer = Client().get("/certificates/harbor/", {"number": certificate.number}, follow=True)

    page = answer.content.decode()
    assert (answer.status_code, "This certificate is valid." in page, "Bob" in page) == (200, True, True)
    assert "bob@harbor.test" not in page


@pytest.mark.parametrize("number", ["/", "//", " - ", "../..", "?#"])
def test_numbers_that_are_none_are_harmless(number: str, organization: Organization) -> None:
    answer = Client().get("/certificates/harbor/", {"number": number}, follow=True)

    assert (answer.status_code in (200, 404), "Number of a certificate" in answer.content.decode()) == (True, True)


def test_page_to_verify_looks_like_the_organization_also_where_it_is_closed(
    certificate: Certificate, organization: Organization
) -> None:
    organization.logo_path = default_storage.save("logos/harbor.png", ContentFile(b"\x89PNG"))
    organization.accent_color = "#aa3300"
    organization.save()
    visitor, logo = Client(), f"/certificates/harbor/logo/{organization.logo_name}"

    page = visitor.get(f"/certificates/harbor/{certificate.number}/").content.decode()
    looks = [visitor.get(address) for address in (logo, "/certificates/harbor/accent.css?v=aa3300")]

    shown = [part in page for part in (f'src="{logo}"', 'href="/certificates/harbor/accent.css?v=aa3300"')]
    assert (shown, [one["Content-Type"].partition(";")[0] for one in looks]) == ([True] * 2, ["image/png", "text/css"])
    assert visitor.get(f"/harbor/branding/logo/{organization.logo_name}").status_code == 404
    looks[0].close()


@pytest.mark.parametrize("school", ["harbor", "summit", "nowhere"])
def test_unknown_numbers_are_not_found(school: str, certificate: Certificate, other_organization: Organization) -> None:
    number = "AAAA-AAAA-AAAA" if school == "harbor" else certificate.number

    answer = Client().get(f"/certificates/{school}/{number}/")

    assert (answer.status_code, "Bob" in answer.content.decode()) == (404, False)


def test_revoked_certificate_says_so_and_hides_why(
    certificate: Certificate, alice: User, bob: User, client_of: ClientOf
) -> None:
    with organization_scope(certificate.organization):
        revoke_certificate(certificate, because="Copied answers", by=alice)

    public = Client().get(f"/certificates/harbor/{certificate.number}/").content.decode()
    own = client_of(bob).get(PAGE).content.decode()

    assert ["It is no longer valid." in public, "This certificate was revoked" in own] == [True, True]
    assert ["Copied answers" in page for page in (public, own)] == [False, False]
    assert client_of(bob).get(FILE).status_code == 404


def test_owner_revokes_and_reinstates_in_the_back_office(
    certificate: Certificate, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    client, address = client_of(alice), f"/admin/courses/certificate/{certificate.pk}/change/"

    client.post(address, {"name": "Robert", "because": "Wrong course"})
    revoked = Certificate.objects.get()
    client.post(address, {"name": "Robert", "because": "", "courses_certificate_reinstate": "1"})

    reinstated = Certificate.objects.get()
    assert (revoked.learner_name, revoked.revoked_because, revoked.revoked_by) == ("Robert", "Wrong course", alice)
    assert (reinstated.revoked_at, reinstated.revoked_because) == (None, "")
    assert client.get(f"/admin/courses/certificate/{certificate.pk}/pdf/").status_code == 200


def test_api_shows_learners_their_own_and_lets_makers_revoke(
    certificate: Certificate, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    address = f"/api/v1/harbor/certificates/{certificate.pk}/"
    learner, owner = client_of(bob), client_of(alice)

    shown = learner.get("/api/v1/harbor/certificates/").json()
    forbidden = learner.post(f"{address}revoke/", {"because": "x"}, content_type="application/json")
    revoked = owner.post(f"{address}revoke/", {"because": "x"}, content_type="application/json")
    file = learner.get(f"{address}certificate.pdf")
    reinstated = owner.post(f"{address}reinstate/", content_type="application/json")

    assert (shown["count"], shown["results"][0]["number"]) == (1, certificate.number)
    assert shown["results"][0]["verify_url"].endswith(f"/certificates/harbor/{certificate.number}/")
    assert [one.status_code for one in (forbidden, revoked, file, reinstated)] == [403, 200, 409, 200]
    assert (revoked.json()["revoked_at"] is not None, reinstated.json()["revoked_at"]) == (True, None)


@pytest.mark.django_db(transaction=True)
def test_double_click_issues_exactly_one(bobs_place: Enrollment, organization: Organization) -> None:
    with organization_scope(organization):
        complete(bobs_place)
        Certificate.objects.all().delete()
    barrier, numbers = Barrier(8), []

    def press() -> None:
        with organization_scope(organization):
            barrier.wait()
            numbers.append(issue_certificate(Enrollment.objects.get(pk=bobs_place.pk)).number)
        connection.close()

    threads = [Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with organization_scope(organization):
        assert (len(numbers), set(numbers)) == (8, set(Certificate.objects.values_list("number", flat=True)))
        assert Certificate.objects.count() == 1
