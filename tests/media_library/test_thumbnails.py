"""Choosing the picture of a media item, as a verb."""

import re

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from core.errors import Refused
from media_library.models import Kind, Media
from media_library.services.thumbnails import (
    choose_automatically,
    choose_moment,
    choose_thumbnail,
    upload_thumbnail,
)
from media_library.services.uploads import upload_media
from tests.media_library.pictures import GREEN, is_near, make_talk, picture, shown, thumbnail_address


@pytest.fixture
def talk(organization, alice) -> Media:
    return make_talk(organization, alice)


def test_chosen_candidate_is_kept_apart(talk, scope, alice):
    choose_thumbnail(talk, candidate="candidate_1.jpg", by=alice)

    talk.refresh_from_db()
    assert (talk.is_thumbnail_chosen, is_near(shown(talk), GREEN)) == (True, True)
    assert re.fullmatch(rf"{scope.pk}/{talk.pk}/pictures/chosen-[0-9a-f-]+/thumbnail\.jpg", talk.thumbnail_path)


@pytest.mark.parametrize("candidate", ["candidate_9.jpg", "previews.vtt", "../one/candidate_1.jpg", ""])
def test_other_files_are_no_candidates(talk, scope, alice, candidate):
    with pytest.raises(Refused) as refusal:
        choose_thumbnail(talk, candidate=candidate, by=alice)

    assert (refusal.value.code, list(refusal.value.fields), talk.is_thumbnail_chosen) == (
        "unknown_candidate", ["candidate"], False,
    )  # fmt: skip


def test_candidate_that_was_cleaned_away_is_told(talk, scope, alice):
    default_storage.delete(f"{talk.storyboard.folder}/candidate_1.jpg")

    with pytest.raises(Refused) as refusal:
        choose_thumbnail(talk, candidate="candidate_1.jpg", by=alice)

    assert refusal.value.code == "unknown_candidate"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_own_picture_is_encoded_anew(talk, scope, alice, form):
    upload_thumbnail(talk, ContentFile(picture(GREEN, form=form), name="mine"), by=alice)

    talk.refresh_from_db()
    with default_storage.open(talk.thumbnail_path) as file, Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 720))
    assert (talk.is_thumbnail_chosen, is_near(shown(talk), GREEN)) == (True, True)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "not_a_picture"), (b"<svg/>", "not_a_picture"), (b"x" * 20_000_001, "too_large_picture")],
)
def test_other_content_is_refused(talk, scope, alice, content, code):
    before = talk.thumbnail_path

    with pytest.raises(Refused) as refusal:
        upload_thumbnail(talk, ContentFile(content, name="mine"), by=alice)

    talk.refresh_from_db()
    assert (refusal.value.code, list(refusal.value.fields), talk.thumbnail_path) == (code, ["file"], before)


@pytest.mark.django_db(transaction=True)
def test_replaced_choice_is_deleted(talk, scope, alice):
    choose_thumbnail(talk, candidate="candidate_1.jpg", by=alice)
    first = talk.thumbnail_path

    upload_thumbnail(talk, ContentFile(picture(), name="mine"), by=alice)

    assert (default_storage.exists(first), default_storage.exists(talk.thumbnail_path)) == (False, True)
    assert default_storage.exists(f"{talk.storyboard.folder}/candidate_1.jpg")


def test_choice_can_be_taken_back(talk, scope, alice):
    choose_thumbnail(talk, candidate="candidate_1.jpg", by=alice)

    choose_automatically(talk, by=alice)

    talk.refresh_from_db()
    assert (talk.is_thumbnail_chosen, talk.thumbnail_path) == (False, f"{talk.storyboard.folder}/candidate_0.jpg")


def test_choice_for_sound_alone_goes_without_a_successor(talk, scope, alice):
    talk.storyboard = talk.rendition = None
    talk.kind, talk.thumbnail_path = Kind.AUDIO, ""
    talk.save()
    upload_thumbnail(talk, ContentFile(picture(), name="mine"), by=alice)

    choose_automatically(talk, by=alice)

    assert (talk.is_thumbnail_chosen, talk.thumbnail_path, thumbnail_address(talk)) == (False, "", "")


def test_choice_is_shown_until_frames_are_drawn(talk, scope, alice):
    talk.storyboard = None
    talk.save()
    upload_thumbnail(talk, ContentFile(picture(GREEN), name="mine"), by=alice)
    chosen = talk.thumbnail_path

    choose_automatically(talk, by=alice)

    assert (talk.is_thumbnail_chosen, talk.thumbnail_path) == (False, chosen)


def test_each_picture_has_an_address_of_its_own(talk, scope, alice):
    addresses = {thumbnail_address(talk)}
    for candidate in ("candidate_1.jpg", "candidate_0.jpg"):
        choose_thumbnail(talk, candidate=candidate, by=alice)
        addresses.add(thumbnail_address(talk))

    assert len(addresses) == 3


def test_any_second_can_be_shown(scope, samples, alice, work_off):
    media = upload_media(ContentFile(samples["steps.mp4"].read_bytes(), name="steps.mp4"), by=alice)
    work_off()
    media.refresh_from_db()

    choose_moment(media, at=4.5, by=alice)

    gray = round(sum(shown(media)) / 3 / 42)
    assert (media.is_thumbnail_chosen, gray) == (True, 4)


@pytest.mark.parametrize(("at", "code"), [(-1.0, "outside"), (10.5, "outside"), (5.0, "no_frames")])
def test_second_without_a_picture_is_refused(talk, scope, alice, at, code):
    with pytest.raises(Refused) as refusal:
        choose_moment(talk, at=at, by=alice)

    assert (refusal.value.code, list(refusal.value.fields)) == (code, ["at"])


def test_sound_alone_has_no_second_to_show(talk, scope, alice):
    talk.rendition.rungs = []

    with pytest.raises(Refused) as refusal:
        choose_moment(talk, at=1.0, by=alice)

    assert (refusal.value.code, refusal.value.status) == ("no_pictures", 409)
