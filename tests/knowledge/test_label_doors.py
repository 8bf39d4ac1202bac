"""Labels and related media as people meet them: pages, back office, API, command."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts.models import Role
from courses.models import Chapter, ContentItem, Course, Enrollment, ItemType
from knowledge.labels import related
from knowledge.labels.labelling import edit_labels, label_media
from knowledge.labels.related import RelatedBy, related_media
from knowledge.labels.themes import theme_map
from knowledge.models import Label, MediaLabel
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Media, Publication
from tests.conftest import member
from tests.knowledge.concepts import serve_concepts
from tests.knowledge.conftest import add_media


@pytest.fixture
def labelled(talks, alice):
    """Tides and waves are both about the sea; currents about the deep."""
    for talk, topics in ((TIDES, ["Sea", "Moon"]), (WAVES, ["Sea", "Storms"]), (CURRENTS, ["The deep"])):
        edit_labels(talks[talk], topics=topics, keywords=[], by=alice)
    return talks


def test_the_page_of_a_media_item_says_what_it_is_about_and_what_is_related(labelled, bob, client_of):
    page = client_of(bob).get(f"/harbor/media/{labelled[TIDES].pk}/around/")
    panel = client_of(bob).get(f"/harbor/media/{labelled[TIDES].pk}/around/", headers={"X-Requested-With": "fetch"})

    for answer in (page, panel):
        assertContains(answer, 'href="/harbor/labels/sea/"')
        assertContains(answer, f'href="/harbor/media/{labelled[WAVES].pk}/?t=0"')
        assertNotContains(answer, CURRENTS.title)
    assertNotContains(panel, "<html")


def test_the_page_of_a_media_item_asks_for_it(labelled, bob, client_of):
    page = client_of(bob).get(f"/harbor/media/{labelled[TIDES].pk}/")

    assertContains(page, f'data-fragment="/harbor/media/{labelled[TIDES].pk}/around/"')


def test_a_label_has_a_page_of_the_media_one_may_see(labelled, bob, alice, client_of):
    Media.objects.filter(pk=labelled[WAVES].pk).update(publication=Publication.DRAFT)

    seen, all_of_it = client_of(bob).get("/harbor/labels/sea/"), client_of(alice).get("/harbor/labels/sea/")

    assertContains(seen, TIDES.title)
    assertNotContains(seen, WAVES.title)
    assertContains(seen, '<input type="hidden" name="label" value="sea">')
    assertContains(all_of_it, WAVES.title)


def test_a_label_of_nothing_that_one_may_see_is_not_there(labelled, bob, charlie, client_of):
    Media.objects.filter(pk=labelled[CURRENTS].pk).update(publication=Publication.DRAFT)

    statuses = [client_of(person).get("/harbor/labels/the-deep/").status_code for person in (bob, charlie)]

    assert statuses == [404, 404]
    assertNotContains(client_of(bob).get("/harbor/labels/"), "The deep")


def test_a_label_in_any_script_has_an_address(labelled, alice, bob, client_of):
    edit_labels(labelled[TIDES], topics=["Приливы", "C++"], by=alice)

    page = client_of(bob).get("/harbor/labels/")

    assertContains(page, "/harbor/labels/%D0%BF%D1%80%D0%B8%D0%BB%D0%B8%D0%B2%D1%8B/")
    assertContains(client_of(bob).get("/harbor/labels/приливы/"), TIDES.title)


def test_a_customer_sees_labels_and_related_of_what_was_granted(labelled, organization, scope, client_of):
    """Nothing of it while nothing is; then what the course holds."""
    customer = member("dora@harbor.test", organization, Role.CUSTOMER)
    before = client_of(customer).get("/harbor/labels/")
    course = Course.objects.create(title="The Sea", slug="sea", is_published=True)
    chapter = Chapter.objects.create(course=course, title="One", position=1)
    for position, talk in enumerate((TIDES, CURRENTS), start=1):
        ContentItem.objects.create(
            chapter=chapter, type=ItemType.VIDEO, title="x", position=position, media=labelled[talk]
        )
    Enrollment.objects.create(course=course, user=customer)

    after = client_of(customer).get("/harbor/labels/")
    found = related_media(labelled[TIDES], user=customer, organization=organization)

    assertNotContains(before, "chip__words")
    assertContains(after, "The deep")
    assertNotContains(after, "Storms")
    assert found == []


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_cost_the_same_whatever_they_show(rows, scope, alice, bob, client_of, django_assert_num_queries):
    for n in range(rows + 1):
        edit_labels(add_media(f"Talk {n}", [TimedText(n, n + 1, "Heron.", "")]), topics=["Heron", f"No {n}"], by=alice)
    media, client = Media.objects.last(), client_of(bob)
    client.get("/harbor/labels/")

    with django_assert_num_queries(6):
        client.get("/harbor/labels/")
    with django_assert_num_queries(10):
        client.get("/harbor/labels/heron/")
    with django_assert_num_queries(11):
        client.get(f"/harbor/media/{media.pk}/around/")
    with django_assert_num_queries(10):
        client.get(f"/api/v1/harbor/media/{media.pk}/related/")


def test_related_by_meaning_opens_where_it_is_nearest(scope, settings, httpserver, alice, organization, work_off):
    settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    serve_concepts(httpserver)
    words = {"Moon": "The tide follows the moon.", "Surf": "Surfing a wave.", "Pull": "Lunar attraction."}
    library = {name: add_media(name, [TimedText(7, 12, text)]) for name, text in words.items()}
    work_off()

    exact = related_media(library["Moon"], user=alice, organization=organization)

    assert [(one.media.title, one.start, one.by) for one in exact] == [
        ("Pull", 7.0, RelatedBy.MEANING),
        ("Surf", 7.0, RelatedBy.MEANING),
    ]


def test_the_graph_finds_what_comparing_all_finds(
    scope, settings, httpserver, alice, organization, work_off, monkeypatch
):
    settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    serve_concepts(httpserver)
    for n in range(8):
        add_media(f"Talk {n}", [TimedText(7, 12, "moon " * n + "wave")])
    media = Media.objects.first()
    work_off()
    exact = related_media(media, user=alice, organization=organization)

    monkeypatch.setattr(related, "RANKED_WHOLE", 1)
    by_graph = related_media(media, user=alice, organization=organization)

    assert ([one.media for one in by_graph], len(exact)) == ([one.media for one in exact], 6)


def test_nothing_foreign_or_hidden_is_related(labelled, foreign_talk, bob, charlie, organization, other_organization):
    Media.objects.filter(pk=labelled[WAVES].pk).update(publication=Publication.DRAFT)

    found = [
        related_media(labelled[TIDES], user=bob, organization=organization),
        related_media(labelled[TIDES], user=charlie, organization=organization),
    ]

    assert found == [[], []]


def test_the_api_tells_and_takes_labels(labelled, alice, bob, client_of):
    url = f"/api/v1/harbor/media/{labelled[TIDES].pk}/labels/"

    given = client_of(alice).put(url, {"topics": ["Ebb"], "sentiment": "mixed"}, content_type="application/json")
    read = client_of(bob).get(url).json()

    assert (given.json(), [one["name"] for one in read["topics"]]) == (read, ["Ebb"])
    assert read["topics"][0] == {"name": "Ebb", "slug": "ebb", "origin": "person", "model": "", "prompt": ""}
    assert (read["sentiment"], read["keywords"], read["made_at"] is None) == ("mixed", [], False)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"topics": ["x" * 61]}, "topics"),
        ({"topics": "Ebb"}, "topics"),
        ({"keywords": [["a"]]}, "keywords.0"),
        ({"sentiment": "grim"}, "sentiment"),
    ],
)
def test_the_api_names_what_is_wrong(labelled, alice, client_of, body, field):
    url = f"/api/v1/harbor/media/{labelled[TIDES].pk}/labels/"

    answer = client_of(alice).put(url, body, content_type="application/json")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, [field])


def test_doors_are_shut_to_whom_they_are_not_for(labelled, bob, charlie, client_of):
    media = labelled[TIDES].pk
    urls = [f"/api/v1/harbor/media/{media}/labels/", f"/api/v1/harbor/media/{media}/related/", "/api/v1/harbor/labels/"]

    foreign = [client_of(charlie).get(url).status_code for url in (*urls, f"/harbor/media/{media}/around/")]
    learner = client_of(bob).put(urls[0], {"topics": []}, content_type="application/json").status_code

    assert (foreign, learner) == ([404] * 4, 403)


def test_the_api_counts_and_relates(labelled, bob, client_of):
    labels = client_of(bob).get("/api/v1/harbor/labels/").json()
    found = client_of(bob).get(f"/api/v1/harbor/media/{labelled[TIDES].pk}/related/").json()

    assert [(one["name"], one["media_count"]) for one in labels["results"]] == [
        ("Sea", 2), ("Moon", 1), ("Storms", 1), ("The deep", 1),
    ]  # fmt: skip
    assert [(one["title"], one["start"], one["by"], one["url"]) for one in found] == [
        (WAVES.title, 0.5, "labels", f"/harbor/media/{labelled[WAVES].pk}/?t=0")
    ]


def test_labels_are_edited_on_the_page_of_the_media_item(labelled, alice, client_of):
    client, media = client_of(alice), labelled[TIDES]
    address = f"/admin/media_library/media/{media.pk}/change/"

    client.post(f"/admin/labels/media/{media.pk}/", {"topics": "Ebb, Flow", "keywords": "moon", "sentiment": ""})
    page = client.get(address)
    refused = client.post(f"/admin/labels/media/{media.pk}/", {"topics": "x" * 61}, follow=True)

    assertContains(page, ">Ebb, Flow</textarea>")
    assertContains(refused, "is too long for a label")
    assert set(MediaLabel.objects.filter(media=media, is_removed=False).values_list("label__name", "kind")) == {
        ("Ebb", "topic"), ("Flow", "topic"), ("Moon", "keyword"),
    }  # fmt: skip


def test_a_media_item_is_labelled_again_on_request(labelled, alice, client_of, work_off):
    answer = client_of(alice).post(f"/admin/labels/media/{labelled[TIDES].pk}/again/", follow=True)
    work_off()

    assertContains(answer, "It is being labelled again.")
    assert set(MediaLabel.objects.filter(media=labelled[TIDES], is_removed=False, origin="person").values_list(
        "label__name", flat=True
    )) == {"Sea", "Moon"}  # fmt: skip


def test_the_list_of_labels_renames_puts_together_and_drops(labelled, alice, client_of):
    client = client_of(alice)
    sea, storms = Label.objects.get(name="Sea"), Label.objects.get(name="Storms")

    together = client.post(f"/admin/knowledge/label/{storms.pk}/change/", {"name": "sea"})
    dropped = client.post(f"/admin/knowledge/label/{Label.objects.get(name='Moon').pk}/delete/", {"post": "yes"})
    page = client.get("/admin/knowledge/label/")

    assert (together.status_code, dropped.status_code) == (302, 302)
    assert sorted(label.name for label in page.context["cl"].result_list) == ["Sea", "The deep"]
    shown = MediaLabel.objects.filter(is_removed=False)
    assert [set(shown.filter(label=sea).values_list("media", flat=True)), shown.filter(label=storms).count()] == [
        {labelled[TIDES].pk, labelled[WAVES].pk}, 0,
    ]  # fmt: skip


def test_the_map_of_themes_puts_together_what_stands_together(labelled, alice, organization, client_of):
    found = theme_map(zone=organization.zone)
    page = client_of(alice).get("/admin/themes/")

    assert [(theme.name, sorted(one.label.name for one in theme.labels)) for theme in found.themes] == [
        ("Sea", ["Moon", "Sea", "Storms"]),
        ("The deep", ["The deep"]),
    ]
    assert sorted(title for _, title in found.themes[0].media) == sorted([TIDES.title, WAVES.title])
    assertContains(page, "theme__label--5")
    assertContains(page, "The same as a table")
    assertNotContains(page, "style=")


def test_themes_of_a_range_are_those_of_media_that_came_in_it(labelled, alice, organization, client_of):
    Media.objects.filter(pk=labelled[CURRENTS].pk).update(created_at=timezone.now() - timedelta(days=40))
    today = timezone.now().astimezone(organization.zone).date()

    found = theme_map(first=today - timedelta(days=29), last=today, zone=organization.zone)
    wrong = [
        client_of(alice).get("/admin/themes/", query)
        for query in ({"from": "x"}, {"from": "2026-02-02", "to": "2026-02-01"}, {"to": "9999-12-31"})
    ]  # noqa: E501

    assert [theme.name for theme in found.themes] == ["Sea"]
    assert [page.status_code for page in wrong] == [400, 400, 400]


def test_of_many_labels_the_most_spoken_about_are_drawn(scope, alice, organization, monkeypatch, client_of):
    monkeypatch.setattr("knowledge.labels.themes.MOST_LABELS", 3)
    edit_labels(add_media("One", [TimedText(0, 9, "Heron.")]), topics=[f"No {n}" for n in range(5)], by=alice)

    found = theme_map(zone=organization.zone)

    assert (found.labels, found.left_out) == (3, 2)


@pytest.mark.parametrize("rows", [1, 3])
def test_back_office_pages_cost_the_same_whatever_they_show(rows, scope, alice, client_of, django_assert_num_queries):
    for n in range(rows):
        edit_labels(add_media(f"Talk {n}", [TimedText(n, n + 1, "Heron.", "")]), topics=["Heron", f"No {n}"], by=alice)
    client = client_of(alice)
    client.get("/admin/themes/")

    with django_assert_num_queries(7):
        client.get("/admin/themes/")
    with django_assert_num_queries(7):
        client.get("/admin/knowledge/label/")


def test_the_command_labels_what_has_no_labels_yet(talks, foreign_talk):
    MediaLabel.objects.all().delete()
    output = StringIO()

    call_command("label_media", stdout=output)
    call_command("label_media", organization="harbor", anew=True, stdout=output)
    call_command("label_media", media=talks[TIDES].pk, anew=True, stdout=output)

    assert output.getvalue().splitlines() == [
        "0 of 4 media items were labelled.",
        "3 of 3 media items were labelled.",
        "1 of 1 media items were labelled.",
    ]
    assert label_media(talks[TIDES].pk) is False
