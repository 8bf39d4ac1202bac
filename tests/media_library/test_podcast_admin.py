"""Shows and episodes in the back office."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused
from core.models import Job
from core.models.job import JobState
from core.tenancy import organization_scope
from media_library.models import Episode, Podcast, Publication, Season, ShowStatus
from media_library.podcasts.addresses import feed_url
from media_library.podcasts.episodes import episode_of, publish_episode, save_episode
from media_library.podcasts.importing.sound import sound_from_url
from media_library.podcasts.people import people_of
from media_library.podcasts.seasons import save_season
from tests.media_library.shows import artwork, make_show, make_talk

pytestmark = pytest.mark.django_db
SHOWS = reverse("admin:media_library_podcast_changelist")
EPISODES = reverse("admin:media_library_episode_changelist")
NO_ROWS = {
    f"{prefix}-{count}_FORMS": "0" for prefix in ("seasons", "people") for count in ("TOTAL", "INITIAL")
}  # fmt: skip
SHOW = {
    "title": "Tides", "slug": "", "description": "The sea", "language": "en", "category": "Education/Courses",
    "type": "serial", "medium": "course", "audience": "private", **NO_ROWS,
}  # fmt: skip


@pytest.fixture
def show(scope, alice):
    return make_show(by=alice)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def page_of(row, page="change", *more):
    return reverse(f"admin:media_library_{row._meta.model_name}_{page}", args=[row.pk, *more])


def titles(response):
    return [row.title for row in response.context["cl"].result_list]


def test_show_is_made_with_artwork_seasons_and_people(scope, alice, client_of):
    client = client_of(alice)
    rows = {
        "seasons-TOTAL_FORMS": "1", "seasons-0-number": "", "seasons-0-name": "Winter",
        "people-TOTAL_FORMS": "1", "people-0-name": "Ada", "people-0-part": "video post-production/editor",
    }  # fmt: skip
    add = reverse("admin:media_library_podcast_add")

    narrow = client.post(add, {**SHOW, **rows, "file": artwork(size=(1400, 1000))})
    client.post(add, {**SHOW, **rows, "file": artwork()})

    show = Podcast.objects.get()
    assert (narrow.status_code, "Artwork is square" in words(narrow)) == (200, True)
    assert (show.slug, show.created_by, show.artwork_side, show.status) == ("tides", alice, 1400, ShowStatus.DRAFT)
    assert [(one.number, one.name) for one in show.seasons.all()] == [(1, "Winter")]
    assert [(one.name, one.role, one.group) for one in people_of(show)] == [("Ada", "editor", "video post-production")]
    page = words(client.get(page_of(show)))
    assert ("feed.xml" in page, "each member follows it at an address of their own" in page) == (False, True)


def test_feed_of_a_public_show_is_a_link_once_it_is_published(show, alice, client_of):
    link = f'href="{feed_url("tides")}"'
    with organization_scope(None):
        client = client_of(alice)
        draft = client.get(page_of(show)).content.decode()
        client.post(page_of(show, "do", "publish"))
        published = client.get(page_of(show)).content.decode()

    assert [(link in page, "each member follows it" in page) for page in (draft, published)] == [
        (False, False), (True, False),
    ]  # fmt: skip


def test_episode_says_that_its_show_is_not_published(show, alice, client_of):
    episode = publish_episode(episode_of(make_talk(), show, by=alice), by=alice)
    address = reverse("media_library:episode", args=["harbor", "tides", episode.pk])
    show_page = reverse("media_library:podcast", args=["harbor", "tides"])
    path = f"/api/v1/harbor/podcasts/{show.pk}/episodes/{episode.pk}/"
    seen = {}

    with organization_scope(None):
        client = client_of(alice)
        for name, verb in {"draft": "", "published": "publish", "withdrawn": "withdraw"}.items():
            if verb:
                client.post(page_of(show, "do", verb))
            page = client.get(page_of(episode)).content.decode()
            held = "Held back: its show is not published" in page
            links = (f'href="{address}"' in page, f'href="{show_page}"' in client.get(page_of(show)).content.decode())
            seen[name] = (client.get(path).json()["state"], held, *links)

    assert seen == {
        "draft": ("held_back", True, False, False), "published": ("published", False, True, True),
        "withdrawn": ("held_back", True, False, False),
    }  # fmt: skip


def test_both_inputs_of_a_publication_are_named(scope, alice, client_of):
    page = client_of(alice).get(reverse("admin:media_library_episode_add")).content.decode()

    named = [re.search(rf'<input[^>]*name="published_at_{part}"[^>]*>', page)[0] for part in (0, 1)]
    assert [re.search('aria-label="([^"]*)"', one)[1] for one in named] == ["Publication: date", "Publication: time"]


def test_private_show_takes_no_new_feed(show, alice, client_of):
    moved = {**SHOW, "slug": "tides", "new_feed_url": "https://elsewhere.test/feed.xml"}
    with organization_scope(None):
        refused = words(client_of(alice).post(page_of(show), moved))
        client_of(alice).post(page_of(show), {**moved, "audience": "public"})

    show.refresh_from_db()
    assert "A private show has no feed that could move" in refused
    assert (show.audience, show.new_feed_url) == ("public", "https://elsewhere.test/feed.xml")


def test_show_says_what_it_lacks_and_is_published_and_withdrawn_by_button(show, alice, bob, client_of):
    with organization_scope(None):
        client = client_of(alice)
        client.post(page_of(show), {**SHOW, "slug": "tides", "description": ""})
        refused = words(client.post(page_of(show, "do", "publish"), follow=True))
        client.post(page_of(show), {**SHOW, "slug": "tides"})
        published = words(client.post(page_of(show, "do", "publish"), follow=True))
        kept = words(client.post(page_of(show, "delete"), {"post": "yes"}, follow=True))
        client.post(SHOWS, {"action": "withdraw_selected", "_selected_action": [str(show.pk)]})
        unknown = client.post(page_of(show, "do", "sing")).status_code
        outside = client_of(bob).post(page_of(show, "do", "publish")).status_code

    show.refresh_from_db()
    assert "cannot be published: it needs a description." in refused
    assert "Published: “Tides”." in published
    assert "Withdraw it first" in kept
    assert (show.status, unknown, outside) == (ShowStatus.WITHDRAWN, 404, 302)


def test_artwork_is_shown_to_makers_of_the_organization_only(show, alice, bob, charlie, client_of):
    with organization_scope(None):
        shown = re.search(r'class="artwork" src="([^"]+)"', client_of(alice).get(SHOWS).content.decode())
        answers = [client_of(person).get(shown[1]) for person in (alice, bob, charlie)]
        size = len(b"".join(answers[0].streaming_content))
        former = client_of(alice).get(page_of(show, "artwork", "former")).status_code

    assert [answer.status_code for answer in answers] == [200, 302, 404]
    assert (answers[0]["Content-Type"], size, former) == ("image/png", show.artwork_bytes, 404)


def test_two_seasons_swap_their_numbers_and_none_takes_that_of_another(show, alice, client_of):
    seasons = [save_season(Season(podcast=show, number=None, name=name), by=alice) for name in ("Ebb", "Flood", "Neap")]
    told = {f"seasons-{place}-{name}": str(getattr(one, name)) for place, one in enumerate(seasons)
            for name in ("id", "number", "name")}  # fmt: skip
    body = {**SHOW, **told, "slug": "tides", "seasons-TOTAL_FORMS": "3", "seasons-INITIAL_FORMS": "3"}
    client = client_of(alice)

    swapped = client.post(page_of(show), {**body, "seasons-0-number": "2", "seasons-1-number": "1"})
    taken = client.post(page_of(show), {**body, "seasons-0-number": "3", "seasons-1-number": "1"})

    assert (swapped.status_code, taken.status_code) == (302, 200)
    assert [(one.number, one.name) for one in show.seasons.all()] == [(1, "Flood"), (2, "Ebb"), (3, "Neap")]


def test_episode_is_made_from_a_video_on_its_page(show, alice, charlie, client_of):
    talk = make_talk()
    switch = reverse("admin:media_library_media_episode", args=[talk.pk])
    with organization_scope(None):
        client = client_of(alice)
        before = words(client.get(reverse("admin:media_library_media_change", args=[talk.pk])))
        answer = client.post(switch, {"podcast": str(show.pk)})
        nothing = words(client.post(switch, {}, follow=True))
        after = words(client.get(reverse("admin:media_library_media_change", args=[talk.pk])))
        outside = client_of(charlie).post(switch, {"podcast": str(show.pk)}).status_code

    episode = Episode.objects.get()
    assert answer.url == page_of(episode)
    assert ("Make it an episode of" in before, "Please choose a show." in nothing, outside) == (True, True, 404)
    assert "Tides › Spring tide (Draft)" in after


def test_episode_is_written_scheduled_and_warned_about(show, alice, client_of):
    client, talk = client_of(alice), make_talk()
    episode_of(make_talk("First"), show, by=alice, number=1)
    rows = {
        "people-TOTAL_FORMS": "1",
        "people-INITIAL_FORMS": "0",
        "people-0-name": "Bo",
        "people-0-part": "cast/guest",
    }
    body = {
        "podcast": str(show.pk), "media": str(talk.pk), "title": "", "type": "full", "number": "1",
        "published_at_0": "2040-05-01", "published_at_1": "08:00:00", **rows,
    }  # fmt: skip

    answer = client.post(reverse("admin:media_library_episode_add"), body, follow=True)

    made = Episode.objects.get(media=talk)
    assert "“First” has the number 1 too." in words(answer)
    assert (made.title, f"{made.published_at:%F %H:%M}") == ("Spring tide", "2040-05-01 06:00")
    assert [(one.name, one.role, one.podcast_id) for one in people_of(made)] == [("Bo", "guest", show.pk)]
    page = words(client.get(page_of(made)))
    assert ("Scheduled" in page, "Its sound is there." in page) == (True, True)


def test_sound_from_an_address_is_fetched_and_a_wrong_one_refused_with_nothing_kept(show, alice, client_of):
    client, body = client_of(alice), {"podcast": str(show.pk), "title": "Neap", "type": "full", **NO_ROWS}
    add = reverse("admin:media_library_episode_add")

    refused = words(client.post(add, {**body, "url": "https://127.0.0.1/neap.mp3"}))
    kept = Episode.objects.count()
    client.post(add, {**body, "url": "https://sounds.example.com/neap.mp3"})
    again = client.post(add, {**body, "url": ""})

    made = Episode.objects.filter(enclosure_url="https://sounds.example.com/neap.mp3").get()
    assert ("leads to no public server" in refused, kept, again.status_code) == (True, 0, 302)
    assert [job.subject_id for job in Job.objects.filter(kind="fetch_episode_sound")] == [made.pk]
    assert "Its sound is fetched." in words(client.get(page_of(made)))


def test_sound_that_did_not_come_is_asked_for_again_by_saving_and_no_more_without_its_address(show, alice, client_of):
    client, body = client_of(alice), {"title": "Neap", "type": "full", **NO_ROWS}
    given = {**body, "url": "https://sounds.example.com/neap.mp3"}
    client.post(reverse("admin:media_library_episode_add"), {**given, "podcast": str(show.pk)})
    made, jobs = Episode.objects.get(), Job.objects.filter(kind="fetch_episode_sound")

    client.post(page_of(made), given)
    on_its_way = jobs.count()
    jobs.update(state=JobState.FAILED)
    client.post(page_of(made), given)
    asked = jobs.count()
    client.post(page_of(made), body)

    made.refresh_from_db()
    assert (on_its_way, asked, jobs.count(), made.enclosure_url) == (1, 2, 2, "")


def test_list_of_episodes_is_narrowed_and_acted_on(show, alice, client_of):
    Podcast.objects.update(status=ShowStatus.PUBLISHED)
    later = timezone.now() + timedelta(days=1)
    draft, heard, coming, silent = (
        episode_of(make_talk(title, sounds=title != "Silent"), show, by=alice)
        for title in ("Draft", "Heard", "Coming", "Silent")
    )
    episode_of(make_talk("Elsewhere"), make_show("Other", by=alice), by=alice)
    for episode, at in ((heard, None), (coming, later), (silent, None)):
        publish_episode(episode, at=at, by=alice)
    with organization_scope(None):
        client = client_of(alice)
        states = {
            state: titles(client.get(EPISODES, {"state": state, "show": str(show.pk)}))
            for state in ("draft", "waiting", "scheduled", "published", "nonsense")
        }
        chosen = {"_selected_action": [str(draft.pk), str(coming.pk)]}
        client.post(EPISODES, {"action": "publish_selected", **chosen})
        client.post(EPISODES, {"action": "unpublish_selected", "_selected_action": [str(heard.pk)]})
        after = titles(client.get(EPISODES, {"state": "published"}))

    assert states == {
        "draft": ["Draft"], "waiting": ["Silent"], "scheduled": ["Coming"], "published": ["Heard"],
        "nonsense": states["nonsense"],
    }  # fmt: skip
    assert (len(states["nonsense"]), sorted(after)) == (4, ["Coming", "Draft"])


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_any_number(scope, alice, client_of, count, django_assert_num_queries):
    for number in range(count):
        show = make_show(f"Show {number}", by=alice)
        episode_of(make_talk(f"Talk {number}"), show, by=alice)
    client = client_of(alice)

    with django_assert_num_queries(7):
        client.get(SHOWS)
    with django_assert_num_queries(9):
        client.get(EPISODES)


def test_archived_media_is_refused_where_it_is_chosen(show, alice, client_of):
    talk = make_talk()
    talk.publication = Publication.ARCHIVED
    talk.save()
    body = {"podcast": str(show.pk), "media": str(talk.pk), "type": "full", **NO_ROWS}

    answer = client_of(alice).post(reverse("admin:media_library_episode_add"), body)

    assert (answer.status_code, "is archived" in words(answer), Episode.objects.count()) == (200, True, 0)


def test_show_without_an_episode_is_published_and_told_of(show, alice, client_of):
    with organization_scope(None):
        client = client_of(alice)
        told = words(client.post(page_of(show, "do", "publish"), follow=True))
    episode_of(make_talk(), show, by=alice, published_at=timezone.now())
    with organization_scope(None):
        after = words(client.post(page_of(show, "do", "publish"), follow=True))

    show.refresh_from_db()
    assert show.status == ShowStatus.PUBLISHED
    assert "“Tides” has no episode to hear yet: apps take no show without an episode." in told
    assert "There is no episode to hear yet" in told
    assert "apps take no show" not in after


def test_button_leads_to_what_is_missing_instead_of_publishing(show, alice, client_of):
    Podcast.objects.update(description="", category="")

    with organization_scope(None):
        lacking = client_of(alice).get(page_of(show)).content.decode()
    Podcast.objects.update(description="The sea", category="Arts")
    with organization_scope(None):
        whole = client_of(alice).get(page_of(show)).content.decode()

    publish = page_of(show, "do", "publish")
    assert ('href="#id_description"' in lacking, 'id="id_description"' in lacking, publish in lacking) == (
        True, True, False,
    )  # fmt: skip
    assert ("Fill in what is missing" in whole, publish in whole) == (False, True)


def test_locked_show_is_its_makers_or_names_another_owner(scope, alice, client_of):
    add, client = reverse("admin:media_library_podcast_add"), client_of(alice)
    locked = {**SHOW, "is_locked": "on"}

    offered = client.get(add).content.decode()
    nameless = words(client.post(add, {**locked, "owner_email": ""}))
    client.post(add, {**locked, "owner_email": "office@harbor.test"})
    show = Podcast.objects.get()
    cleared = words(client.post(page_of(show), {**locked, "slug": "tides", "owner_email": ""}))
    client.post(page_of(show), {**SHOW, "slug": "tides", "owner_email": ""})

    told = "A locked show needs the address of its owner: without it nobody could move it."
    assert f'value="{alice.email}"' in offered
    assert (told in nameless, told in cleared) == (True, True)
    show.refresh_from_db()
    assert (show.owner_email, show.is_locked) == ("", False)


def test_episode_is_offered_the_seasons_of_its_show_alone(show, alice, client_of):
    other = make_show("Winds", by=alice)
    mine, others = (save_season(Season(podcast=one, number=1, name=one.title), by=alice) for one in (show, other))
    add, client = reverse("admin:media_library_episode_add"), client_of(alice)

    preset = client.get(f"{add}?podcast={show.pk}").context["adminform"].form.fields["season"].queryset
    free = client.get(add).context["adminform"].form.fields["season"].queryset
    body = {
        "podcast": show.pk, "title": "Ebb", "type": "full", "is_explicit": "unknown", "season": others.pk, **NO_ROWS,
    }  # fmt: skip
    refused = client.post(add, body)
    client.post(add, {**body, "season": mine.pk})

    assert (list(preset), list(free)) == ([mine], [mine, others])
    assert "This is a season of another show." in words(refused)
    assert Episode.objects.get().season == mine


def test_episode_form_says_what_empty_means_and_whose_times_they_are(show, organization, alice, client_of):
    organization.time_zone = "Pacific/Auckland"
    organization.save()

    page = words(client_of(alice).get(reverse("admin:media_library_episode_add")))

    assert "Times are those of Pacific/Auckland." in page
    assert "As the show Yes No" in page
    assert "Unknown" not in page


@pytest.mark.parametrize(
    ("address", "code", "told"),
    [
        ("episode.mp3", "invalid_address", "Write the whole address, such as https://example.com/episode.mp3."),
        ("http://localhost/one.mp3", "blocked_address", "public server"),
    ],
)
def test_refusal_of_a_sounds_address_speaks_of_a_sound(show, alice, address, code, told):
    episode = save_episode(Episode(podcast=show, title="Ebb"), by=alice)

    with pytest.raises(Refused) as refusal:
        sound_from_url(episode, address, by=alice)

    assert refusal.value.code == code
    assert told in refusal.value.message
