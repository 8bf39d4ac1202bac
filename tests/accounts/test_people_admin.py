"""Members, invitations and settings in the back office."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Invitation, Membership, Organization, Role, User
from core.models import AuditEntry
from tests.accounts.people import invited, membership_of
from tests.conftest import member

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
MEMBERS, INVITATIONS = "/admin/accounts/membership/", "/admin/accounts/invitation/"
SETTINGS = {
    "name": "Harbor School", "plan": "pro", "time_zone": "Europe/Berlin", "accent_color": "", "caption_languages": "en",
}  # fmt: skip


def act(client: Client, page: str, action: str, *rows: object, **more: str) -> str:
    answer = client.post(
        page, {"action": action, "_selected_action": [str(row.pk) for row in rows], **more}, follow=True
    )
    return answer.content.decode()


@pytest.mark.parametrize("path", [MEMBERS, INVITATIONS, f"{INVITATIONS}add/", "/admin/accounts/organization/"])
def test_pages_are_for_owners(organization: Organization, alice: User, client_of: ClientOf, path: str) -> None:
    carla = member("carla@harbor.test", organization, Role.CREATOR)

    statuses = [client_of(person).get(path, follow=True).status_code for person in (alice, carla)]

    assert statuses == [200, 403]


def test_lists_show_the_own_organization_only(
    organization: Organization, other_organization: Organization, alice: User, charlie: User, client_of: ClientOf
) -> None:
    foreign = invited(other_organization, "dora@example.org", by=charlie)
    client = client_of(alice)

    pages = [client.get(f"{page}?q={words}").content for page, words in ((MEMBERS, "charlie"), (INVITATIONS, "dora"))]

    assert [b"charlie@summit.test" in pages[0], b"dora@example.org" in pages[1]] == [False, False]
    keys = [f"{MEMBERS}{membership_of(charlie, other_organization).pk}", f"{INVITATIONS}{foreign.pk}",
            f"/admin/accounts/organization/{other_organization.pk}"]  # fmt: skip
    assert [client.get(f"{key}/{page}/").status_code for key in keys for page in ("change", "history")] == [404] * 6


def test_nothing_is_added_or_deleted_by_hand(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    row = membership_of(bob, organization).pk
    paths = [f"{MEMBERS}add/", f"{MEMBERS}{row}/delete/", "/admin/accounts/organization/add/",
             f"/admin/accounts/organization/{organization.pk}/delete/"]  # fmt: skip

    assert [client.get(path).status_code for path in paths] == [403] * 4


def test_role_is_changed_and_written_down_once(
    organization: Organization, alice: User, bob: User, client_of: ClientOf, scope: Organization
) -> None:
    path = f"{MEMBERS}{membership_of(bob, organization).pk}/change/"

    client_of(alice).post(path, {"role": "creator", "opened_in": str(organization.pk)})

    assert membership_of(bob, organization).role == Role.CREATOR
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["role_changed"]


def test_last_owner_is_told_on_the_form(organization: Organization, alice: User, client_of: ClientOf) -> None:
    path = f"{MEMBERS}{membership_of(alice, organization).pk}/change/"

    answer = client_of(alice).post(path, {"role": "learner"}, follow=True)

    assert "An organization needs an owner." in answer.content.decode()
    assert membership_of(alice, organization).role == Role.OWNER


def test_form_opened_in_one_organization_is_refused_in_another(
    organization: Organization, other_organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    path = f"{MEMBERS}{membership_of(bob, organization).pk}/change/"

    answer = client_of(alice).post(path, {"role": "creator", "opened_in": str(other_organization.pk)})

    assert "You have switched to another organization" in answer.content.decode()
    assert membership_of(bob, organization).role == Role.LEARNER


def test_list_opened_in_one_organization_does_nothing_in_another(
    organization: Organization, other_organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    """Although “all of them” was chosen."""
    client, row = client_of(alice), membership_of(bob, organization)
    choice = {"action": "suspend_selected", "select_across": "1", "_selected_action": str(row.pk), "index": "0"}

    shown = client.get(MEMBERS).content.decode()
    told = client.post(MEMBERS, {**choice, "opened_in": str(other_organization.pk)}, follow=True).content.decode()
    after_foreign = membership_of(bob, organization).is_suspended
    client.post(MEMBERS, {**choice, "opened_in": str(organization.pk)})

    assert f'name="opened_in" value="{organization.pk}"' in shown
    assert ("You have switched to another organization" in told, after_foreign) == (True, False)
    assert membership_of(bob, organization).is_suspended is True


def test_members_are_suspended_reinstated_and_removed_after_a_question(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    client, row = client_of(alice), membership_of(bob, organization)

    act(client, MEMBERS, "suspend_selected", row)
    suspended = membership_of(bob, organization).is_suspended
    act(client, MEMBERS, "reinstate_selected", row)
    asked = act(client, MEMBERS, "remove_selected", row)
    still = membership_of(bob, organization).is_active
    act(client, MEMBERS, "remove_selected", row, confirmed="yes")

    assert (suspended, still, "bob@harbor.test" in asked) == (True, True, True)
    assert membership_of(bob, organization).removed_at is not None


def test_action_does_not_reach_a_foreign_member(
    organization: Organization, other_organization: Organization, alice: User, charlie: User, client_of: ClientOf
) -> None:
    row = membership_of(charlie, other_organization)
    member("dora@summit.test", other_organization, Role.OWNER)

    act(client_of(alice), MEMBERS, "remove_selected", row, confirmed="yes")

    assert membership_of(charlie, other_organization).is_active is True


def test_invitation_is_sent_renewed_resent_and_revoked(
    organization: Organization, alice: User, client_of: ClientOf
) -> None:
    client = client_of(alice)
    client.post(f"{INVITATIONS}add/", {"email": "Dora@example.org", "role": "creator"})
    first = Invitation.objects.get()
    client.post(f"{INVITATIONS}add/", {"email": "dora@example.org", "role": "owner"})
    second = Invitation.objects.get()

    act(client, INVITATIONS, "resend_selected", second)
    third = Invitation.objects.get()
    act(client, INVITATIONS, "revoke_selected", third)

    assert (first.email, first.role, second.role) == ("dora@example.org", "creator", "owner")
    assert len({first.digest, second.digest, third.digest}) == 3
    assert Invitation.objects.get().state.value == "revoked"


def test_inviting_a_member_is_told_on_the_form_that_keeps_what_was_typed(
    organization: Organization, alice: User, bob: User, client_of: ClientOf
) -> None:
    answer = client_of(alice).post(f"{INVITATIONS}add/", {"email": "bob@harbor.test", "role": "creator"})

    form = answer.context["adminform"].form
    assert form.non_field_errors() == ["bob@harbor.test: Is a member already."]
    assert (form["email"].value(), form["role"].value()) == ("bob@harbor.test", "creator")
    assert Invitation.objects.count() == 0


def test_settings_are_one_page(organization: Organization, alice: User, client_of: ClientOf) -> None:
    answer = client_of(alice).get("/admin/accounts/organization/")

    assert answer["Location"] == f"/admin/accounts/organization/{organization.pk}/change/"


def test_owner_sets_what_is_theirs(
    organization: Organization, alice: User, client_of: ClientOf, scope: Organization
) -> None:
    form = {**SETTINGS, "name": "Harbor", "is_open": "on", "accent_color": "#AABBCC", "monthly_ai_ceiling": "12.50",
            "storage_gigabytes": "1.5", "slug": "stolen", "caption_languages": "de, en-GB, de"}  # fmt: skip

    client_of(alice).post(f"/admin/accounts/organization/{organization.pk}/change/", form)

    kept = Organization.objects.get(pk=organization.pk)
    assert (kept.name, kept.slug, kept.plan, kept.is_open, kept.admits_learners) == (
        "Harbor",
        "harbor",
        "pro",
        True,
        False,
    )
    assert (kept.accent_color, kept.monthly_ai_ceiling, kept.storage_ceiling) == ("#aabbcc", 12.5, 3 * 1024**3 // 2)
    assert kept.caption_languages == ["de", "en-GB"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == (
        "settings_changed",
        "name, plan, is_open, admits_learners, accent_color, monthly_ai_ceiling, caption_languages, storage_ceiling",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Base"),
        ("accent_color", "red"),
        ("monthly_ai_ceiling", "-1"),
        ("caption_languages", ""),
        ("caption_languages", "de, <b>"),
        ("plan", "free"),
        ("name", ""),
        ("name", "\u202e"),
    ],
)
def test_settings_that_cannot_be_are_field_errors(
    organization: Organization, alice: User, client_of: ClientOf, field: str, value: str
) -> None:
    path = f"/admin/accounts/organization/{organization.pk}/change/"

    answer = client_of(alice).post(path, {**SETTINGS, field: value})

    assert list(answer.context["adminform"].form.errors) == [field]


def test_logo_is_uploaded_and_taken_away(organization: Organization, alice: User, client_of: ClientOf) -> None:
    path, client = f"/admin/accounts/organization/{organization.pk}/change/", client_of(alice)
    file = BytesIO()
    Image.new("RGB", (40, 20)).save(file, "JPEG")

    client.post(path, {**SETTINGS, "logo": SimpleUploadedFile("evil.svg", file.getvalue())})
    uploaded = Organization.objects.get(pk=organization.pk).logo_path
    client.post(path, {**SETTINGS, "remove_logo": "on"})

    assert uploaded.startswith(f"{organization.pk}/branding/")
    assert Organization.objects.get(pk=organization.pk).logo_path == ""


def test_logo_that_is_none_is_told_and_nothing_is_saved(
    organization: Organization, alice: User, client_of: ClientOf
) -> None:
    path = f"/admin/accounts/organization/{organization.pk}/change/"
    form = {**SETTINGS, "name": "Changed", "logo": SimpleUploadedFile("logo.png", b"<svg/>")}

    form = client_of(alice).post(path, form).context["adminform"].form

    assert ("This is no picture we can read." in form.errors["logo"][0], form["name"].value()) == (True, "Changed")
    assert Organization.objects.get(pk=organization.pk).name == "Harbor School"


@pytest.mark.parametrize("path", ["/admin/", "/admin/courses/course/", MEMBERS, "/admin/media_library/media/add/"])
def test_every_page_leads_to_the_other_organizations_in_one_click(
    alice: User, other_organization: Organization, client_of: ClientOf, path: str
) -> None:
    Membership.objects.create(user=alice, organization=other_organization, role=Role.CREATOR)
    action = f'action="/admin/organization/{other_organization.pk}/"'

    page = client_of(alice).get(path).content.decode()

    assert page.count(action) == (2 if path == "/admin/" else 1)  # the first page shows them in its middle too
    assert "Work in Summit Academy" in page
