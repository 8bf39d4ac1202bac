"""Whatever integrators send to projects, batches and frames is answered with what is wrong, never with our fault."""

from core.tenancy import organization_scope
from media_library.models import Frame, FrameExtraction, Project, UploadBatch
from tests.courses.school import make_media
from tests.media_library import framed
from tests.media_library.framing import make_batch

API = "/api/v1/harbor"
STRANGE = [None, -1, 10**30, "\0", "NaN", "é" * 120, {"a": 1}]
NOBODY = "018f0000-0000-7000-8000-000000000000"


def test_strange_values_are_refused_or_taken_and_nothing_breaks(organization, alice, client_of):
    with organization_scope(organization):
        film, batch = make_media(seconds=100), make_batch(by=alice)
        film.rendition.rungs = [{"name": "360p", "width": 640, "height": 360}]
        film.rendition.save()
        (frame,) = framed.frames(1, of=batch, media=film)
    whole = {"left": 0.1, "top": 0.1, "width": 0.2, "height": 0.2}
    every = {"batch": str(batch.pk), "mode": "every", "interval": 9}
    bodies = [
        ("post", "projects/", {"title": "Talks", "description": ""}),
        ("patch", f"projects/{batch.project_id}/", {"title": "Talks", "description": ""}),
        ("post", f"projects/{batch.project_id}/batches/", {"name": "New", "date": "2026-01-02"}),
        ("post", f"projects/{batch.project_id}/order/", {"batches": [str(batch.pk)]}),
        ("patch", f"batches/{batch.pk}/", {"name": "Spring", "date": "2026-01-02", "project": NOBODY, "position": 1}),
        ("post", f"media/{film.pk}/extractions/", every),
        ("post", f"media/{film.pk}/extractions/", {"batch": str(batch.pk), "mode": "moment", "at": 9}),
        ("patch", f"frames/{frame.pk}/", {"annotation": "Tide", "region": whole, "version": ""}),
        ("post", "frames/annotate/", {"frames": [str(frame.pk)], "annotation": "Tide"}),
        ("post", "frames/move/", {"frames": [str(frame.pk)], "batch": str(batch.pk)}),
        ("post", "frames/delete/", {"frames": [NOBODY]}),
        ("post", "frames/export/", {"frames": [str(frame.pk)]}),
    ]  # fmt: skip
    client = client_of(alice)
    answers = {}

    def send(method, path, body):
        return getattr(client, method)(f"{API}/{path}", body, content_type="application/json").status_code

    taken = [send(*one) for one in bodies]
    assert taken == [201, 200, 201, 200, 404, 202, 202, 200, 200, 200, 200, 200]
    for method, path, body in bodies:
        for name in body:
            for strange in STRANGE:
                answers[method, path, name, str(strange)[:20]] = send(method, path, {**body, name: strange})
        for strange in STRANGE:
            answers[method, path, "", str(strange)[:20]] = send(method, path, strange)
    for name in ("project", "batch", "media", "annotated", "q"):
        for strange in ("x", "%00", "", NOBODY, "é" * 300):
            answers["get", name, strange[:20]] = client.get(f"{API}/frames/?{name}={strange}").status_code

    assert {key: code for key, code in answers.items() if code not in (200, 201, 204, 400, 404, 409)} == {}
    with organization_scope(organization):
        longest = max(len(name) for name in UploadBatch.objects.values_list("name", flat=True))
        counts = Frame.objects.count(), FrameExtraction.objects.count(), Project.objects.filter(title="").count()
        assert (longest <= 50, counts) == (True, (1, 2, 0))  # of extractions those two that were meant
