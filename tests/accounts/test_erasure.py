"""Erased: nothing names the person any more, and every figure is what it was."""

from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import DataExport, Invitation, Membership, Organization, Role, User
from accounts.services.erasure import erase_account
from analytics.models import Event
from analytics.reports.periods import ever
from analytics.reports.viewing import Viewing, one_media, viewing
from analytics.services.rollup import roll_up
from core.audit import record
from core.errors import Refused
from core.models import AuditEntry, Job, OutgoingMail
from core.tenancy import every_organization, organization_scope
from courses.models import Attempt, Course, Enrollment
from media_library.models import Media, WatchSession
from tests.accounts.traces import ADDRESS, NAME, NOW, OLD_ADDRESS, dump, learn, make_member, rollups, somebody
from tests.conftest import PASSWORD, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def thea(alice, bob, organization, charlie, other_organization):
    """Creator at harbor, learner at summit, with traces in both."""
    user = somebody()
    with organization_scope(organization):
        make_member(user, organization, by=alice)
        learn(user, organization, others=[bob, alice])
    with organization_scope(other_organization):
        make_member(user, other_organization, by=charlie, role=Role.LEARNER)
        learn(user, other_organization, others=[charlie])
    return user


def everything():
    with every_organization(reason="to look at all there is"):
        return dump()


def test_nothing_names_the_person(thea, client_of, work_off):
    client_of(thea).get("/")
    half_way = Client()
    half_way.get("/accounts/login/")
    session = half_way.session
    session["account_verified_email"] = ADDRESS
    session.save()
    assert [everything().count(text.lower()) > 0 for text in (ADDRESS, OLD_ADDRESS, NAME)] == [True, True, True]

    erase_account(thea)
    work_off()

    left = everything()
    names = (ADDRESS, OLD_ADDRESS, NAME, str(thea.pseudonym), "192.0.2.7")
    assert {text: left.count(text.lower()) for text in names} == dict.fromkeys(names, 0)
    assert Session.objects.count() == 0


def test_figures_stay_to_the_byte_also_computed_anew(thea, organization, other_organization):
    places = (organization, other_organization)
    with every_organization(reason="to compare all figures"):
        before, reports_before = rollups(), reports()
        assert len(before) == 6

        erase_account(thea)

        assert (rollups(), reports()) == (before, reports_before)
        for place in places:
            with organization_scope(place):
                roll_up(place, first=(NOW() - timedelta(days=10)).date(), rebuild=True)
        assert (rollups(), reports()) == (before, reports_before)


def reports():
    return [figures_of(media) for media in Media.objects.order_by("pk").select_related("organization")]


def figures_of(media: Media) -> Viewing:
    with organization_scope(media.organization):
        return viewing(one_media(media), ever(NOW().date()))


def test_account_stays_as_a_stone_that_opens_nothing(thea, work_off):
    pseudonym = thea.pseudonym

    erase_account(thea)

    thea.refresh_from_db()
    assert (thea.name, thea.is_active, thea.is_superuser, thea.has_usable_password()) == ("", False, False, False)
    assert (thea.email.endswith("@erased.invalid"), str(thea), thea.erased_at is None) == (
        True,
        "Erased account",
        False,
    )
    assert (thea.pseudonym == pseudonym, list(thea.groups.all()), list(thea.memberships.all())) == (False, [], [])
    assert Client().login(email=thea.email, password=PASSWORD) is False


def traces(user):
    """Visits, events as a learner, events as a maker."""
    return (
        WatchSession.objects.filter(user=user).count(),
        Event.objects.filter(learner=user.pseudonym).count(),
        Event.objects.filter(actor_id=user.pseudonym).count(),
    )


def test_events_and_visits_still_belong_together(thea):
    with every_organization(reason="to look at both organizations"):
        before = traces(thea)

        erase_account(thea)

        thea.refresh_from_db()
        assert (traces(thea), before) == ((12, 30, 2), (12, 30, 2))
        searches = Event.objects.filter(type="search_made").values_list("metadata", flat=True)
        assert list(searches) == [{"query": "", "results": 0}] * 2


def test_what_was_made_stays_and_what_was_written_goes(thea, organization, alice, bob):
    erase_account(thea)

    with organization_scope(organization):
        course, media = Course.objects.get(), Media.objects.get()
        assert (course.created_by, media.creator, set(course.instructors.all())) == (None, None, {alice, bob})
        [attempt] = Attempt.objects.all()
        assert (attempt.answers, attempt.results, attempt.points) == ({}, {"q": 1}, 1)
        assert Enrollment.objects.get().user == thea
        assert list(Invitation.objects.values_list("email", "invited_by")) == [("guest@example.test", None)]


def test_record_of_the_organization_says_that_and_not_who(thea, organization, alice):
    erase_account(thea)

    with organization_scope(organization):
        entries = AuditEntry.objects.order_by("id").values_list("action", "actor", "object_name", "detail")
        assert [entry[:3] for entry in entries] == [
            ("token_made", None, ""), ("member_added", alice.pk, ""), ("invitation_sent", alice.pk, ""),
            ("invitation_sent", thea.pk, "guest@example.test"), ("noted", alice.pk, ""), ("account_erased", None, ""),
        ]  # fmt: skip
        assert entries[4][3] == ""


def test_the_last_mail_says_good_bye_and_leaves_nothing(thea, work_off):
    work_off()
    mail.outbox.clear()

    erase_account(thea)
    work_off()

    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([ADDRESS], "Your account was erased")]
    assert OutgoingMail.objects.count() == 0


def test_mails_that_wait_are_withdrawn(thea, work_off):
    erase_account(thea)

    work_off()

    assert [sent.subject for sent in mail.outbox] == ["Your account was erased"]


def test_mail_server_that_named_the_person_is_forgotten(thea):
    Job.objects.create(kind="other", lane="short", key="a", error_detail=f"550 {ADDRESS} unknown")

    erase_account(thea)

    assert Job.objects.get(key="a").error_detail == ""


def test_files_of_exports_go_along(thea):
    path = default_storage.save("exports/one.zip", ContentFile(b"zip"))
    DataExport.objects.create(user=thea, file_path=path, finished_at=NOW(), expires_at=NOW() + timedelta(days=1))

    erase_account(thea)

    assert (DataExport.objects.count(), default_storage.exists(path)) == (0, False)


def test_others_are_untouched(thea, alice, bob, charlie):
    people = User.objects.exclude(pk=thea.pk).order_by("pk")
    before = list(people.values()), list(Membership.objects.exclude(user=thea).order_by("pk").values())

    erase_account(thea)

    assert (list(people.values()), list(Membership.objects.order_by("pk").values())) == before


@pytest.mark.parametrize("similar", [{"email": "ob@harbor.test"}, {"email": "sly@evil.test", "name": " in "}])
def test_similar_words_take_nothing_from_others(similar, alice, bob, organization):
    """Neither an address that ends like somebody else's nor a name that stands in everybody's entries."""
    detail = f"Asked by {bob.email}"
    with organization_scope(organization):
        record("member_added", by=alice, row=Membership.objects.get(user=bob), detail=detail)
    bobs = Client()
    bobs.post("/accounts/login/", {"login": bob.email, "password": PASSWORD})

    erase_account(User.objects.create_user(**similar))

    with organization_scope(organization):
        entries = list(AuditEntry.objects.values_list("object_name", "detail"))
    assert (entries, bobs.get("/account/").status_code) == ([("Bob in Harbor School", detail)], 200)


def test_address_that_was_only_typed_takes_nothing_from_its_owner(alice, organization):
    """Whoever adds somebody else's address to their account cannot have that person's invitations erased or shown."""
    sly = member("sly@harbor.test", organization, Role.LEARNER)
    sly.emailaddress_set.create(email="victim@harbor.test", verified=False)
    Invitation.objects.create(
        organization=organization, email="victim@harbor.test", digest="d" * 64, expires_at=NOW() + timedelta(days=1)
    )

    erase_account(sly)

    assert Invitation.objects.get().email == "victim@harbor.test"


def test_last_owner_is_refused_by_name(alice, organization, other_organization):
    with organization_scope(other_organization):
        Membership.objects.create(user=alice, organization=other_organization, role=Role.OWNER)

    with pytest.raises(Refused) as refusal:
        erase_account(alice)

    assert refusal.value.code == "last_owner"
    assert refusal.value.message == (
        "You are the last owner of Harbor School, Summit Academy. Make somebody else an owner there first."
    )
    alice.refresh_from_db()
    assert (alice.email, alice.erased_at) == ("alice@harbor.test", None)


def test_owner_beside_another_may_go(alice, organization):
    member("anna@harbor.test", organization, Role.OWNER)

    erase_account(alice)

    assert User.objects.filter(erased_at__isnull=False).count() == 1


def test_erasing_twice_is_refused(bob):
    erase_account(bob)

    with pytest.raises(Refused) as refusal:
        erase_account(bob)

    assert refusal.value.code == "already_erased"


@pytest.fixture
def form(bob):
    return {"address": "Bob@harbor.test", "password": PASSWORD}


def test_page_erases_and_logs_out(bob, form, client_of):
    client = client_of(bob)

    response = client.post("/account/erase/", form)

    bob.refresh_from_db()
    assert (response.status_code, response["Location"], bob.is_active) == (302, "/", False)
    assert client.get("/account/data/").status_code == 302


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("address", "charlie@summit.test", "This is not the address of this account."),
        ("password", "wrong", "This is not your password."),
        ("password", "", "This field is required."),
    ],
)
def test_page_asks_twice_before_it_erases(bob, form, client_of, name, value, words):
    response = client_of(bob).post("/account/erase/", {**form, name: value})

    bob.refresh_from_db()
    assert response.context["form"].errors == {name: [words]}
    assert bob.is_active


def test_page_asks_for_the_second_factor(bob, form, client_of):
    factor = RecoveryCodes.activate(bob)
    client = client_of(bob)

    for code in ({}, {"code": "00000000"}):
        response = client.post("/account/erase/", {**form, **code})
        assert list(response.context["form"].errors) == ["code"]
    client.post("/account/erase/", {**form, "code": factor.get_unused_codes()[0]})

    bob.refresh_from_db()
    assert not bob.is_active


def test_wrong_passwords_are_counted(bob, form, client_of):
    client = client_of(bob)

    answers = [client.post("/account/erase/", {**form, "password": "wrong"}).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_page_tells_the_last_owner(alice, client_of):
    response = client_of(alice).get("/account/erase/")

    assert "You are the last owner of Harbor School." in response.content.decode()
    assert b'name="password"' not in response.content


def test_operator_erases(bob, capsys):
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_account", "BOB@harbor.test")
    bob.refresh_from_db()
    assert bob.is_active

    call_command("erase_account", "BOB@harbor.test", "--yes")

    bob.refresh_from_db()
    assert not bob.is_active


def test_operator_is_told_what_is_refused(alice, db):
    with pytest.raises(CommandError, match="last owner of Harbor School"):
        call_command("erase_account", alice.email, "--yes")
    with pytest.raises(CommandError, match="no account of nobody@harbor.test"):
        call_command("erase_account", "nobody@harbor.test", "--yes")
    assert Organization.objects.count() == 1
