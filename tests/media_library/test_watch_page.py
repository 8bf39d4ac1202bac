"""The page of one media item, and the fragment that tells where processing stands."""

import pytest
from django.urls import reverse

from core.jobs import enqueue
from core.models import Job
from core.tenancy import organization_scope
from media_library.links import Audience
from media_library.models import Media, Publication, Rendition, Source
from media_library.player import player_context
from media_library.services.watching import report_watching, start_session


@pytest.fixture
def talk(organization, alice) -> Media:
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="Tides & tea", creator=alice, duration=250.4,
            publication=Publication.PUBLISHED,
        )  # fmt: skip
        media.rendition = Rendition.objects.create(media=media, folder="f")
        media.save()
    return media


def watch_address(media: Media) -> str:
    return reverse("media_library:watch", args=["harbor", media.pk])


def test_page_resumes_where_the_learner_left(talk, bob, client_of, organization):
    with organization_scope(organization):
        report_watching(start_session(talk, user=bob).pk, user=bob, intervals=[[0, 10]], position=12.5)

    page = client_of(bob).get(watch_address(talk)).content.decode()

    assert 'data-position="12.5"' in page
    assert f'data-media="{talk.pk}"' in page
    assert 'data-sessions-url="/api/v1/harbor/watch/sessions/"' in page
    assert "Tides &amp; tea" in page


@pytest.mark.parametrize(
    ("query", "position"), [("?t=75.5", 75.5), ("?t=rubbish", 0), ("?t=-3", 0), ("?t=nan", 0), ("", 0)]
)
def test_page_starts_at_the_second_of_its_address(talk, bob, client_of, query, position):
    response = client_of(bob).get(watch_address(talk) + query)

    assert response.context["player"].position == position


@pytest.mark.parametrize(
    ("query", "referrer"), [("?ref=search", "search"), ("?ref=x", "direct_link"), ("", "direct_link")]
)
def test_page_knows_how_the_visit_came_about(talk, bob, client_of, query, referrer):
    assert client_of(bob).get(watch_address(talk) + query).context["player"].referrer == referrer


def test_page_costs_eight_statements(talk, bob, client_of, django_assert_num_queries):
    client = client_of(bob)
    with django_assert_num_queries(8):  # session, person, membership, what is open, media, record; credits and tags
        client.get(watch_address(talk))


def test_player_context_costs_one_statement(talk, bob, organization, django_assert_num_queries):
    with organization_scope(organization):
        media = Media.objects.for_player().get(pk=talk.pk)
        with django_assert_num_queries(1):
            player_context(media, user=bob, organization=organization, audience=Audience(session_key="a session"))


def status_address(media: Media) -> str:
    return reverse("media_library:status", args=["harbor", media.pk])


@pytest.fixture
def working(organization, alice) -> Media:
    """Media that a worker has half processed."""
    with organization_scope(organization):
        media = Media.objects.create(
            source=Source.UPLOAD, source_path="s", title="New", creator=alice, status="processing"
        )
        enqueue("process_media", media.pk, key="k")
    return media


def test_status_tells_the_percentage_while_it_lives(working, alice, client_of):
    Job.objects.update(
        state="running",
        progress=42.7,
        lease_token="00000000-0000-0000-0000-000000000001",
        lease_expires_at="2100-01-01T00:00Z",
    )

    fragment = client_of(alice).get(status_address(working))

    assert 'data-live="true"' in fragment.content.decode()
    assert '<progress max="100" value="42"' in fragment.content.decode()
    assert fragment["Cache-Control"] == "no-store"


def test_status_tells_the_reason_of_a_failure(working, alice, client_of):
    Job.objects.update(state="failed", error_code="truncated", error_message="A part is missing.")

    fragment = client_of(alice).get(status_address(working)).content.decode()

    assert "data-live" not in fragment
    assert "<strong>Failed</strong>" in fragment
    assert "<p>A part is missing. <code>truncated</code></p>" in fragment


def test_status_is_for_makers(working, bob, charlie, client_of):
    assert [client_of(who).get(status_address(working)).status_code for who in (bob, charlie)] == [404, 404]
