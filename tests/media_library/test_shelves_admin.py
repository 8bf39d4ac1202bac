"""Categories, tags, credits, storage and the site's configuration in the back office."""

import re

import pytest
from django.urls import reverse

from accounts.models import Membership, User
from core.tenancy import organization_scope
from courses.models import ItemType
from courses.services.authoring import add_chapter, add_item, create_course
from media_library.models import Category, Credit, Media, SiteConfigurationChange, Tag
from media_library.services.editing import edit_media
from media_library.services.publishing import archive_media
from media_library.services.shelving import save_category
from media_library.services.site import site_configuration
from tests.conftest import PASSWORD
from tests.media_library.shelf import film

LIST = reverse("admin:media_library_media_changelist")
CATEGORIES = reverse("admin:media_library_category_changelist")
STORAGE = reverse("back_office_storage")
SITE = reverse("admin:media_library_siteconfiguration_changelist")


@pytest.fixture
def tides(organization, alice):
    with organization_scope(organization):
        return film(creator=alice)


@pytest.fixture
def sea(organization):
    with organization_scope(organization):
        return save_category(Category(name="Sea"), by=None)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def save_media(client, media, *credits, **fields):
    """Send the form of a media item, with a row for each credit."""
    rows = {
        f"credits-{number}-{name}": value
        for number, row in enumerate(credits)
        for name, value in {"position": number, "media": media.pk, **row}.items()
    }
    kept = sum("id" in row for row in credits)
    body = {"title": "Tides", "description": "", "credits-TOTAL_FORMS": len(credits), "credits-INITIAL_FORMS": kept}
    return client.post(page_of(media), {**body, **rows, **fields}, follow=True)


def test_categories_are_listed_as_the_tree_they_are(alice, organization, client_of, tides, sea):
    with organization_scope(organization):
        waves = save_category(Category(name="Waves", parent=sea), by=alice)
        save_category(Category(name="Coast"), by=alice)
        edit_media(tides, categories=[waves.pk], by=alice)

    text = words(client_of(alice).get(CATEGORIES))

    rows = re.findall(r"(— )?(Coast|Sea|Waves) (coast|sea|waves) (\d)", text)
    assert rows == [("", "Coast", "coast", "0"), ("", "Sea", "sea", "0"), ("— ", "Waves", "waves", "1")]


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_categories_costs_the_same_for_any_number(
    alice, organization, client_of, count, django_assert_num_queries
):
    with organization_scope(organization):
        for number in range(count):
            save_category(Category(name=f"Shelf {number}"), by=alice)
    client = client_of(alice)
    client.get(CATEGORIES)
    with django_assert_num_queries(8):
        client.get(CATEGORIES)


def test_category_is_not_put_inside_itself_or_beside_its_like(alice, client_of, organization, sea):
    with organization_scope(organization):
        waves = save_category(Category(name="Waves", parent=sea), by=alice)
    client = client_of(alice)

    inside = client.post(page_of(sea), {"name": "Sea", "parent": waves.pk})
    twice = client.post(reverse("admin:media_library_category_add"), {"name": " sea"})

    errors = [answer.context["adminform"].form.errors for answer in (inside, twice)]
    assert errors == [
        {"parent": ["A category cannot stand inside itself."]},
        {"name": ["There is a category of this name here already."]},
    ]


def test_deleting_a_category_asks_about_nothing_else_and_keeps_media(alice, client_of, organization, sea, tides):
    with organization_scope(organization):
        edit_media(tides, categories=[sea.pk], by=alice)
    path = reverse("admin:media_library_category_delete", args=[sea.pk])

    client_of(alice).post(path, {"post": "yes"})

    with organization_scope(organization):
        assert (Category.objects.count(), Media.objects.count()) == (0, 1)


def test_media_form_saves_shelves_and_credits(alice, client_of, organization, sea, tides):
    with organization_scope(organization):
        edit_media(tides, tags=["moon", "sun"], by=alice)
        moon = Tag.objects.get(name="moon")

    answer = save_media(
        client_of(alice), tides,
        {"contribution": "creator", "user": alice.pk, "name": ""}, {"contribution": "editor", "name": "Ada"},
        in_categories=[sea.pk], known_tags=[moon.pk], new_tags="deep sea, Moon",
    )  # fmt: skip

    assert answer.redirect_chain == [(LIST, 302)]
    with organization_scope(organization):
        media = Media.objects.get()
        assert [one.name for one in media.categories.all()] == ["Sea"]
        assert [one.name for one in media.tags.all()] == ["deep sea", "moon"]
        assert [(one.contribution, one.name) for one in media.credits.all()] == [
            ("creator", "Alice"),
            ("editor", "Ada"),
        ]


def test_media_form_changes_and_removes_credits(alice, client_of, organization, tides):
    with organization_scope(organization):
        ada, bea = (Credit.objects.create(media=tides, contribution="editor", name=name) for name in ("Ada", "Bea"))

    save_media(
        client_of(alice), tides,
        {"id": ada.pk, "contribution": "editor", "name": "Ada", "DELETE": "on"},
        {"id": bea.pk, "contribution": "producer", "name": "Bea"},
    )  # fmt: skip

    with organization_scope(organization):
        assert [(one.contribution, one.name) for one in Credit.objects.all()] == [("producer", "Bea")]


@pytest.mark.parametrize(
    ("row", "fields", "said"),
    [
        ({"contribution": "editor", "name": ""}, {}, "Choose somebody who has a name, or write one."),
        ({"contribution": "editor", "name": "Ada"}, {"new_tags": "x" * 61}, "is too long for a tag"),
    ],
)
def test_media_form_tells_what_it_does_not_take(alice, client_of, organization, tides, row, fields, said):
    answer = save_media(client_of(alice), tides, row, title="New", **fields)

    assert said in words(answer)
    with organization_scope(organization):
        assert (Media.objects.get().title, Credit.objects.count(), Tag.objects.count()) == ("Tides", 0, 0)


def test_media_form_takes_nothing_of_another_organization(
    alice, charlie, client_of, organization, other_organization, tides
):
    with organization_scope(other_organization):
        foreign, tag = save_category(Category(name="Summits"), by=None), Tag.objects.create(name="peak", slug="peak")

    save_media(
        client_of(alice), tides, {"contribution": "editor", "user": charlie.pk}, in_categories=[foreign.pk],
        known_tags=[tag.pk],
    )  # fmt: skip

    with organization_scope(organization):
        assert (Media.objects.get().categories.count(), Tag.objects.count(), Credit.objects.count()) == (0, 0, 0)


def test_tags_are_offered_while_typing(alice, charlie, client_of, organization, tides):
    with organization_scope(organization):
        edit_media(tides, tags=["moon", "sun"], by=alice)
    query = {"app_label": "media_library", "model_name": "media", "field_name": "tags", "term": "moo"}

    offered = [
        [one["text"] for one in client_of(person).get(reverse("admin:autocomplete"), query).json()["results"]]
        for person in (alice, charlie)
    ]

    assert offered == [["moon"], []]


def test_page_of_media_tells_where_it_is_used(alice, client_of, organization, tides):
    with organization_scope(organization):
        course = create_course(title="How the sea moves", slug="sea", by=alice)
        add_item(add_chapter(course, title="Moon"), type=ItemType.VIDEO, title="Watch", media=tides, by=alice)
    client = client_of(alice)

    assert "Where it is used How the sea moves › Moon" in words(client.get(page_of(tides)))
    assert "How the sea moves" in words(client.get(LIST))


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Tides"]),
        ("?publication=archived", ["Waves"]),
        ("?publication=all", ["Tides", "Waves"]),
        ("?tag=moon", ["Tides"]),
        ("?tag=peak", []),
        ("?category={sea}", ["Tides"]),
        ("?category=nonsense", ["Tides"]),
        ("?q=moon", ["Tides"]),
    ],
)
def test_list_of_media_is_narrowed(alice, client_of, organization, sea, tides, query, titles):
    with organization_scope(organization):
        inner = save_category(Category(name="Moon", parent=sea), by=alice)
        edit_media(tides, categories=[inner.pk], tags=["Moon", "moonlight"], by=alice)
        archive_media(film("Waves", creator=alice), by=alice)

    found = client_of(alice).get(LIST + query.format(sea=sea.pk)).context["cl"].result_list

    assert sorted(media.title for media in found) == titles


# Storage


def test_storage_page_tells_kinds_largest_media_and_allowances(alice, client_of, organization, tides):
    type(organization).objects.filter(pk=organization.pk).update(storage_ceiling=1600)

    text = words(client_of(alice).get(STORAGE))

    for fact in (
        "160 B of 1600 B",
        "Uploaded files 100 B 63 %",
        "Streams 50 B 31 %",
        "Alice 100 B of 4",
        "Tides 160 B",
    ):
        assert fact.replace("1600 B", "2 kB") in text


@pytest.mark.parametrize("count", [1, 3])
def test_storage_page_costs_the_same_for_any_number(alice, organization, client_of, django_assert_num_queries, count):
    with organization_scope(organization):
        for number in range(count):
            film(f"Talk {number}", creator=alice)
    client = client_of(alice)
    client.get(STORAGE)
    with django_assert_num_queries(14):
        client.get(STORAGE)


def test_only_owners_see_the_allowance_of_others(alice, organization, client_of, tides):
    carol = User.objects.create_user("carol@harbor.test", PASSWORD, name="Carol")
    with organization_scope(organization):
        carol.memberships.create(organization=organization, role="creator")

    seen = [client_of(person).get(STORAGE).context["allowances"].members for person in (alice, carol)]

    assert [[str(one.user) for one in rows] for rows in seen] == [["Alice", "Carol"], ["Carol"]]


@pytest.mark.parametrize("page", [STORAGE, LIST])
def test_superuser_who_chose_no_organization_is_shown_which_there_are(root, organization, client_of, page):
    with organization_scope(organization):
        Membership.objects.filter(user=root).delete()

    answer = client_of(root).get(page, follow=True)

    assert answer.redirect_chain == [(reverse("admin:index"), 302), (reverse("admin:organizations"), 302)]
    assert answer.status_code == 200


# The site's configuration


@pytest.fixture
def root(alice):
    User.objects.filter(pk=alice.pk).update(is_superuser=True)
    return User.objects.get(pk=alice.pk)


def settings_of_site(**changed):
    fields = {
        "largest_file": "", "weekly_allowance": "", "formats": ["mp4", "mp3"], "storage_prefix": "", "reset_day": "6",
        "reset_hour": "0", "reset_time_zone": "UTC", "transcribes": "on", "uses_ai": "on", "monthly_ai_ceiling": "",
        "watched_from": "90",
    }  # fmt: skip
    return {**fields, **changed}


def test_site_is_one_page_with_its_history(root, client_of):
    client = client_of(root)
    page = client.get(SITE, follow=True).redirect_chain[-1][0]

    answer = client.post(page, settings_of_site(largest_file="1.5 GB", reset_day="0"), follow=True)

    site = site_configuration()
    assert (site.largest_file, site.formats, site.reset_day, site.transcribes) == (
        1_500_000_000,
        ["mp4", "mp3"],
        0,
        True,
    )
    changes = {change.field: (change.before, change.after) for change in SiteConfigurationChange.objects.all()}
    assert changes["largest_file"] == ("", "1500000000")
    assert sorted(changes) == ["formats", "largest_file", "reset_day"]
    text = words(answer)
    assert "The site's configuration is saved." in text.replace("&#x27;", "'")
    assert "Largest file : – → 1500 MB Alice" in text
    assert 'value="1500 MB"' in answer.content.decode()


def test_site_saved_as_it_was_changes_nothing(root, client_of):
    client = client_of(root)
    page = client.get(SITE, follow=True).redirect_chain[-1][0]
    client.post(page, settings_of_site(weekly_allowance="2 GiB"))
    count = SiteConfigurationChange.objects.count()

    client.post(page, settings_of_site(weekly_allowance="2 GiB"))

    assert SiteConfigurationChange.objects.count() == count == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("largest_file", "huge"), ("reset_hour", "24"), ("reset_time_zone", "Mars"), ("storage_prefix", "../up"),
     ("formats", ["exe"]), ("weekly_allowance", "9" * 30), ("monthly_ai_ceiling", "-1")],
)  # fmt: skip
def test_site_takes_no_settings_that_cannot_be(root, client_of, field, value):
    client = client_of(root)
    page = client.get(SITE, follow=True).redirect_chain[-1][0]

    answer = client.post(page, settings_of_site(**{field: value}))

    assert list(answer.context["adminform"].form.errors) == [field]
    assert SiteConfigurationChange.objects.count() == 0


def test_site_is_for_superusers_only(alice, client_of):
    page = reverse("admin:media_library_siteconfiguration_change", args=[site_configuration().pk])
    client = client_of(alice)

    answers = [client.get(SITE), client.get(page), client.post(page, settings_of_site(largest_file="1 GB"))]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert site_configuration().largest_file is None
