"""What all files of an organization may take together, as its owners set it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from core.errors import Refused
from media_library.models import Media, Rendition, Source
from media_library.services.ceiling import refuse_over_ceiling
from media_library.services.uploads import Announced, cancel_upload, start_upload, upload_media

pytestmark = pytest.mark.usefixtures("scope")
WORDS = "There is no room for this file: 3.0 MB of 4.0 MB are used, and it has 1.0 MB."


@pytest.fixture
def kept(organization, alice):
    """3 MB of 4: a recording, and what was made from it twice."""
    Organization.objects.filter(pk=organization.pk).update(storage_ceiling=4_000_000)
    media = Media.objects.create(source=Source.UPLOAD, source_path="s", title="Tides", creator=alice, size_bytes=10**6)
    for folder in ("first", "second"):
        Rendition.objects.create(media=media, folder=folder, size_bytes=10**6)
    return media


def file_of(size):
    return SimpleUploadedFile("talk.mp4", b"x" * size)


def test_upload_up_to_the_ceiling_is_taken_and_not_a_byte_more(kept, alice):
    with pytest.raises(Refused) as refusal:
        upload_media(file_of(1_000_001), by=alice)
    assert (refusal.value.code, refusal.value.status, Media.objects.count()) == ("storage_full", 413, 1)
    assert (refusal.value.message, refusal.value.fields) == (WORDS, {"file": [WORDS]})

    assert upload_media(file_of(1_000_000), by=alice).size_bytes == 1_000_000


def test_without_a_ceiling_there_is_no_end(kept):
    Organization.objects.update(storage_ceiling=None)

    with CaptureQueriesContext(connection) as asked:
        refuse_over_ceiling(10**15)

    assert len(asked) == 1


def test_ceiling_counts_nobody_elses_files(kept, other_organization):
    Organization.objects.filter(pk=other_organization.pk).update(storage_ceiling=1)

    refuse_over_ceiling(1_000_000)


def test_what_is_arriving_counts_until_it_is_given_up(kept, alice):
    arriving = start_upload(Announced("first.mp4", 600_000), by=alice)

    with pytest.raises(Refused, match="no room"):
        start_upload(Announced("second.mp4", 400_001), by=alice)

    cancel_upload(arriving, by=alice)
    assert start_upload(Announced("second.mp4", 400_001), by=alice).is_open


def test_api_tells_that_there_is_no_room(kept, alice, client_of):
    body = {"filename": "talk.mp4", "size": 1_000_001}

    answer = client_of(alice).post("/api/v1/harbor/uploads/", body, content_type="application/json")

    error = {"code": "storage_full", "message": WORDS, "fields": {"file": [WORDS]}}
    assert (answer.status_code, answer.json()) == (413, {"error": error})
