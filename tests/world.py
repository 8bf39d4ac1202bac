"""One row of every model of ours in one organization; each text of each row says which one it is.

`populate` makes them, in the scope of the organization. A text is `<mark>-<model>-<field>`, so whoever meets one where
it does not belong knows what has leaked.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from accounts.models import ApiToken, Membership, Organization
from accounts.services.tokens import create_token
from analytics.models import Condition
from core.models import CallState, JobState, Lane, MailState, Unit
from core.secrets import seal
from core.tenancy import current_organization_id, organization_scope
from courses.models import ContentItem, ItemType
from knowledge.models import SearchModel
from knowledge.models.passage import DIMENSIONS
from media_library.models import Audience, ShowStatus, Source, Status, UploadMethod, UploadState
from media_library.models.media import LengthSource, Publication
from media_library.services.site import site_configuration

CANARY = "canary"
OUR_APPS = ("core", "accounts", "media_library", "courses", "knowledge", "analytics")
MOMENT = timezone.now()


@dataclass
class World:
    """Whose rows they are, what their texts begin with, and the rows by name of their model."""

    organization: Organization
    owner: Any
    learner: Any
    mark: str = CANARY
    rows: dict[str, Any] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        """`world.course`"""
        try:
            return self.__dict__["rows"][name]
        except KeyError:
            raise AttributeError(name) from None

    def text(self, model: str, name: str) -> str:
        return f"{self.mark}-{model}-{name}"

    def make(self, label: str, /, **given: Any) -> Any:
        model = apps.get_model(label)
        return model._default_manager.create(**{**self.texts(model), **given})

    def texts(self, model: type[models.Model]) -> dict[str, Any]:
        return {one.name: self._marked(one) for one in model._meta.concrete_fields if holds_text(one)}

    def _marked(self, one: Any) -> Any:
        token = self.text(one.model._meta.model_name, one.name)
        if isinstance(one, models.JSONField):
            return {"note": token}
        if isinstance(one, models.EmailField):
            return f"{token}@people.test"
        return f"https://host.test/{token}" if isinstance(one, models.URLField) else token[: one.max_length]

    def file(self, name: str, model: str) -> str:
        """A file in the storage whose content is marked too."""
        return default_storage.save(
            f"{self.mark}/{self.organization.pk}/{name}", ContentFile(self.text(model, "file").encode())
        )


Factory = Callable[[World], Any]
FACTORIES: dict[str, Factory] = {}


def holds_text(one: models.Field) -> bool:
    textual = isinstance(one, models.CharField | models.TextField | models.JSONField)
    return textual and not one.choices and not one.primary_key


def row_of(label: str) -> Callable[[Factory], Factory]:
    """The one way to make a row of that model. In the order in which they need each other."""

    def register(make: Factory) -> Factory:
        FACTORIES[label] = make
        return make

    return register


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in OUR_APPS and not model._meta.auto_created]


def populate(owner: Any, learner: Any, *, mark: str = CANARY) -> dict[str, Any]:
    """Rows by the name of their model, and `text`, `asked`, `item`, `session`, `day` as addresses call them."""
    world = World(Organization.objects.get(pk=current_organization_id()), owner, learner, mark)
    for label, make in FACTORIES.items():
        world.rows[label.split(".")[1].lower()] = make(world)
    rows = world.rows
    rows |= {"item": rows["contentitem"], "session": rows["watchsession"], "day": rows["mediaday"]}
    rows["text"], rows["asked"] = world.chapter.items.filter(type__in=["text", "quiz"]).order_by("position")
    return rows


@row_of("accounts.Organization")
def _organization(world: World) -> Organization:
    one = world.organization
    one.name = world.text("organization", "name")
    one.logo_path = world.file("logo.png", "organization")
    one.accent_color = "#123abc"
    one.save()
    return one


@row_of("accounts.User")
def _user(world: World) -> Any:
    for person in (world.owner, world.learner):
        person.name = world.text("user", "name")
        person.save(update_fields=["name"])
    return world.learner


@row_of("accounts.Membership")
def _membership(world: World) -> Membership:
    return Membership.objects.get(user=world.learner, organization=world.organization)


@row_of("accounts.Invitation")
def _invitation(world: World) -> Any:
    soon = timezone.now() + timedelta(days=7)
    return world.make("accounts.Invitation", organization=world.organization, invited_by=world.owner, expires_at=soon)


@row_of("accounts.ApiToken")
def _api_token(world: World) -> ApiToken:
    name = world.text("apitoken", "name")
    return create_token(world.membership, name=name, scopes=["courses:read"])[0]


@row_of("accounts.DataExport")
def _data_export(world: World) -> Any:
    later = timezone.now() + timedelta(days=7)
    path = world.file("export.zip", "dataexport")
    return world.make("accounts.DataExport", user=world.learner, file_path=path, expires_at=later, finished_at=MOMENT)


@row_of("accounts.TryWindow")
def _try_window(world: World) -> Any:
    return world.make("accounts.TryWindow", tries=1, closes_at=timezone.now() + timedelta(hours=1))


@row_of("core.AuditEntry")
def _audit_entry(world: World) -> Any:
    return world.make("core.AuditEntry", actor=world.owner, model="courses.Course")


@row_of("core.Job")
def _job(world: World) -> Any:
    return world.make("core.Job", organization=world.organization, lane=Lane.SHORT, state=JobState.FAILED)


@row_of("core.OutgoingMail")
def _outgoing_mail(world: World) -> Any:
    return world.make("core.OutgoingMail", organization=world.organization, state=MailState.SENT)


@row_of("core.AiCall")
def _ai_call(world: World) -> Any:
    used = {"unit": Unit.SECONDS, "quantity": 60, "price": "0.0001", "cost": "0.006", "state": CallState.PAID}
    return world.make("core.AiCall", user=world.learner, **used)


@row_of("core.RequestPace")
def _request_pace(world: World) -> Any:
    return world.make("core.RequestPace", requests=1)


@row_of("media_library.Media")
def _media(world: World) -> Any:
    return world.make(
        "media_library.Media", creator=world.owner, source=Source.UPLOAD, status=Status.COMPLETED,
        publication=Publication.PUBLISHED, duration=60, duration_source=LengthSource.FILE,
        thumbnail_path=world.file("thumbnail.jpg", "media"), source_metadata={},
    )  # fmt: skip


@row_of("media_library.Rendition")
def _rendition(world: World) -> Any:
    folder = world.file("playing/master.m3u8", "rendition").rpartition("/")[0]
    world.media.rendition = world.make("media_library.Rendition", media=world.media, folder=folder, rungs=[])
    world.media.save()
    return world.media.rendition


@row_of("media_library.Category")
def _category(world: World) -> Any:
    return world.make("media_library.Category")


@row_of("media_library.MediaCategory")
def _media_category(world: World) -> Any:
    return world.make("media_library.MediaCategory", media=world.media, category=world.category)


@row_of("media_library.Tag")
def _tag(world: World) -> Any:
    return world.make("media_library.Tag")


@row_of("media_library.MediaTag")
def _media_tag(world: World) -> Any:
    return world.make("media_library.MediaTag", media=world.media, tag=world.tag)


@row_of("media_library.Credit")
def _credit(world: World) -> Any:
    return world.make("media_library.Credit", media=world.media, user=world.owner, contribution="editor")


@row_of("media_library.Storyboard")
def _storyboard(world: World) -> Any:
    folder = world.file("pictures/sheet_0.jpg", "storyboard").rpartition("/")[0]
    world.media.storyboard = world.make(
        "media_library.Storyboard", media=world.media, folder=folder, sheets=["sheet_0.jpg"], columns=1, rows=1,
        tile_width=160, tile_height=90, tiles=1, interval=2, candidates=[{"at": 0.0, "file": "sheet_0.jpg"}],
    )  # fmt: skip
    world.media.save()
    return world.media.storyboard


@row_of("media_library.LibraryImage")
def _library_image(world: World) -> Any:
    path = world.file("image.webp", "libraryimage")
    return world.make("media_library.LibraryImage", created_by=world.owner, path=path, width=1, height=1, size_bytes=9)


@row_of("media_library.Playlist")
def _playlist(world: World) -> Any:
    cover = world.file("cover.jpg", "playlist")
    return world.make("media_library.Playlist", created_by=world.owner, cover_path=cover)


@row_of("media_library.PlaylistEntry")
def _playlist_entry(world: World) -> Any:
    return world.make("media_library.PlaylistEntry", playlist=world.playlist, media=world.media, position=1)


@row_of("media_library.Project")
def _project(world: World) -> Any:
    return world.make("media_library.Project", created_by=world.owner)


@row_of("media_library.UploadBatch")
def _batch(world: World) -> Any:
    today = MOMENT.date()
    return world.make(
        "media_library.UploadBatch", project=world.project, date=today, position=1, created_by=world.owner
    )


@row_of("media_library.Frame")
def _frame(world: World) -> Any:
    path = world.file("frame_001.jpg", "frame")
    size = {"width": 64, "height": 36, "size_bytes": 9}
    return world.make("media_library.Frame", batch=world.uploadbatch, media=world.media, second=1.5, path=path, **size)


@row_of("media_library.FrameExtraction")
def _frame_extraction(world: World) -> Any:
    given = {"batch": world.uploadbatch, "media": world.media, "created_by": world.owner}
    return world.make("media_library.FrameExtraction", mode="scenes", most=9, **given)


@row_of("media_library.Podcast")
def _podcast(world: World) -> Any:
    return world.make(
        "media_library.Podcast", slug=f"{world.mark}-show", guid=uuid4(), category="Education", language="en",
        status=ShowStatus.PUBLISHED, audience=Audience.PRIVATE, artwork_path=world.file("show.jpg", "podcast"),
        created_by=world.owner,
    )  # fmt: skip


@row_of("media_library.Season")
def _season(world: World) -> Any:
    return world.make("media_library.Season", podcast=world.podcast, number=1)


@row_of("media_library.Episode")
def _episode(world: World) -> Any:
    return world.make(
        "media_library.Episode", podcast=world.podcast, media=world.media, season=world.season, number=1,
        published_at=MOMENT, artwork_path=world.file("episode.jpg", "episode"), created_by=world.owner,
    )  # fmt: skip


@row_of("media_library.PodcastPerson")
def _podcast_person(world: World) -> Any:
    return world.make("media_library.PodcastPerson", podcast=world.podcast)


@row_of("media_library.ListenerKey")
def _listener_key(world: World) -> Any:
    return world.make(
        "media_library.ListenerKey", organization=world.organization, user=world.learner, podcast=world.podcast
    )


@row_of("media_library.GoneFeed")
def _gone_feed(world: World) -> Any:
    return world.make("media_library.GoneFeed", slug=f"{world.mark}-gone", digest="")


@row_of("media_library.FeedVisit")
def _feed_visit(world: World) -> Any:
    return world.make("media_library.FeedVisit", key=world.listenerkey, day=MOMENT.date(), network=uuid4().hex[:16])


@row_of("media_library.Download")
def _download(world: World) -> Any:
    told = {"day": MOMENT.date(), "sent": [(0, 1000)], "is_private": True}
    return world.make("media_library.Download", episode=world.episode, listener=uuid4().hex, **told)


@row_of("media_library.PodcastImport")
def _podcast_import(world: World) -> Any:
    url = "https://feeds.example.com/show.xml"
    told = {key: world.text("podcastimport", key) for key in ("about", "message")}
    return world.make("media_library.PodcastImport", podcast=world.podcast, url=url, by=world.owner, problems=[told])


@row_of("media_library.Upload")
def _upload(world: World) -> Any:
    later = timezone.now() + timedelta(days=7)
    done = {"size_bytes": 9, "received_bytes": 9, "method": UploadMethod.TUS, "state": UploadState.ACCEPTED}
    return world.make("media_library.Upload", owner=world.owner, media=world.media, expires_at=later, **done)


@row_of("media_library.AllowanceReset")
def _allowance_reset(world: World) -> Any:
    return world.make("media_library.AllowanceReset", user=world.owner, reset_at=MOMENT)


@row_of("media_library.SiteConfiguration")
def _site_configuration(world: World) -> Any:
    """The one of all organizations."""
    return site_configuration()


@row_of("media_library.SiteConfigurationChange")
def _site_configuration_change(world: World) -> Any:
    return world.make("media_library.SiteConfigurationChange", by=world.owner)


@row_of("media_library.Transcript")
def _transcript(world: World) -> Any:
    world.media.transcript = world.make("media_library.Transcript", media=world.media, method="embedded", words=5)
    world.media.save()
    return world.media.transcript


@row_of("media_library.Cue")
def _cue(world: World) -> Any:
    return world.make("media_library.Cue", transcript=world.transcript, position=0, start=0, end=5)


@row_of("media_library.SourceAccount")
def _source_account(world: World) -> Any:
    finding = {"what": world.text("sourceaccount", "findings"), "works": True, "words": ""}
    return world.make(
        "media_library.SourceAccount", source="vimeo", by=world.owner, findings=[finding], checked_at=MOMENT,
        sealed=seal(json.dumps({"token": world.text("sourceaccount", "sealed")})),
    )  # fmt: skip


@row_of("media_library.HostMessage")
def _host_message(world: World) -> Any:
    return world.make("media_library.HostMessage", account=world.sourceaccount)


@row_of("media_library.Import")
def _import(world: World) -> Any:
    return world.make("media_library.Import", by=world.owner)


@row_of("media_library.ImportRow")
def _import_row(world: World) -> Any:
    return world.make("media_library.ImportRow", batch=world.rows["import"], position=1, state="refused")


@row_of("media_library.Rung")
def _rung(world: World) -> Any:
    return world.make("media_library.Rung", media=world.media, job_id=world.job.pk, method="host", outcome="refused")


@row_of("media_library.LengthReport")
def _length_report(world: World) -> Any:
    return world.make("media_library.LengthReport", media=world.media, user=world.learner, seconds=60)


@row_of("media_library.WatchSession")
def _watch_session(world: World) -> Any:
    return world.make("media_library.WatchSession", media=world.media, user=world.learner)


@row_of("media_library.WatchRecord")
def _watch_record(world: World) -> Any:
    seen = {"seconds": [(0, 5)], "watched_seconds": 5, "percent": 8}
    return world.make("media_library.WatchRecord", media=world.media, user=world.learner, **seen)


@row_of("courses.Course")
def _course(world: World) -> Any:
    cover = world.file("cover.jpg", "course")
    course = world.make("courses.Course", is_published=True, created_by=world.owner, thumbnail_path=cover)
    course.instructors.add(world.owner)
    return course


@row_of("courses.CourseSquare")
def _course_square(world: World) -> Any:
    path = world.file("square.jpg", "square")
    return world.make("courses.CourseSquare", course=world.course, digest=uuid4().hex[:20], path=path, size_bytes=9)


@row_of("courses.Chapter")
def _chapter(world: World) -> Any:
    return world.make("courses.Chapter", course=world.course, position=1, availability={})


@row_of("courses.Quiz")
def _quiz(world: World) -> Any:
    return world.make("courses.Quiz")


@row_of("courses.Question")
def _question(world: World) -> Any:
    options = [{"key": "a", "text": world.text("question", "options")}, {"key": "b", "text": "no"}]
    return world.make("courses.Question", quiz=world.quiz, options=options, answer={"key": "a"}, position=1)


@row_of("courses.Assignment")
def _assignment(world: World) -> Any:
    return world.make("courses.Assignment")


@row_of("courses.Resource")
def _resource(world: World) -> Any:
    return world.make("courses.Resource", link="", path=world.file("resource.pdf", "resource"))


@row_of("courses.ContentItem")
def _content_item(world: World) -> ContentItem:
    """A step of each type; the video is the one that addresses name."""
    world.make("courses.ContentItem", chapter=world.chapter, position=2, type=ItemType.TEXT, availability={})
    held = {"quiz": world.quiz, "assignment": world.assignment, "resource": world.resource}
    for position, (kind, row) in enumerate(held.items(), start=3):
        given = {"type": kind, kind: row, "availability": {}}
        world.make("courses.ContentItem", chapter=world.chapter, position=position, **given)
    film = {"type": ItemType.VIDEO, "media": world.media, "availability": {}}
    return world.make("courses.ContentItem", chapter=world.chapter, position=1, **film)


@row_of("courses.Collection")
def _collection(world: World) -> Any:
    return world.make("courses.Collection")


@row_of("courses.CollectedCourse")
def _collected_course(world: World) -> Any:
    return world.make("courses.CollectedCourse", collection=world.collection, course=world.course)


@row_of("courses.EnrollmentCode")
def _enrollment_code(world: World) -> Any:
    return world.make("courses.EnrollmentCode", course=world.course, created_by=world.owner)


@row_of("courses.CourseInvitation")
def _course_invitation(world: World) -> Any:
    given = {"course": world.course, "invited_by": world.owner, "expires_at": MOMENT}
    return world.make("courses.CourseInvitation", **given)


@row_of("courses.Enrollment")
def _enrollment(world: World) -> Any:
    return world.make("courses.Enrollment", course=world.course, user=world.learner)


@row_of("courses.CodeUse")
def _code_use(world: World) -> Any:
    return world.make("courses.CodeUse", code=world.enrollmentcode, enrollment=world.enrollment)


@row_of("courses.Completion")
def _completion(world: World) -> Any:
    read = world.chapter.items.get(type=ItemType.TEXT)
    return world.make("courses.Completion", enrollment=world.enrollment, item=read, reason="read")


@row_of("courses.Attempt")
def _attempt(world: World) -> Any:
    return world.make("courses.Attempt", quiz=world.quiz, enrollment=world.enrollment, number=1, questions=[], rules={})


@row_of("courses.Grade")
def _grade(world: World) -> Any:
    asked = world.chapter.items.get(type=ItemType.QUIZ)
    return world.make("courses.Grade", enrollment=world.enrollment, item=asked, percent=50)


@row_of("courses.CourseCompletion")
def _course_completion(world: World) -> Any:
    return world.make("courses.CourseCompletion", enrollment=world.enrollment, counted=[])


@row_of("courses.Certificate")
def _certificate(world: World) -> Any:
    return world.make("courses.Certificate", enrollment=world.enrollment, completed_at=MOMENT)


@row_of("courses.Submission")
def _submission(world: World) -> Any:
    return world.make("courses.Submission", assignment=world.assignment, enrollment=world.enrollment, number=1)


@row_of("courses.SubmissionFile")
def _submission_file(world: World) -> Any:
    path = world.file("essay.pdf", "submissionfile")
    return world.make("courses.SubmissionFile", submission=world.submission, path=path, size_bytes=9)


@row_of("courses.Note")
def _note(world: World) -> Any:
    return world.make("courses.Note", user=world.learner, course=world.course, item=world.contentitem)


@row_of("knowledge.Passage")
def _passage(world: World) -> Any:
    place = {"position": 0, "start": 0, "end": 5, "first_cue": 0, "end_cue": 1, "words": 5}
    return world.make("knowledge.Passage", media=world.media, transcript=world.transcript, **place)


@row_of("knowledge.Embedding")
def _embedding(world: World) -> Any:
    return world.make("knowledge.Embedding", passage=world.passage, vector=[1.0] + [0.0] * (DIMENSIONS - 1))


@row_of("knowledge.SearchModel")
def _search_model(world: World) -> Any:
    """Of the whole installation."""
    return SearchModel.objects.get_or_create(name="canary-model", defaults={"state": "retired"})[0]


@row_of("knowledge.Draft")
def _draft(world: World) -> Any:
    chapters = {"chapters": [{"title": world.text("draft", "content"), "at": 0}]}
    made = {"kind": "chapters", "state": "ready", "content": chapters, "transcript": world.transcript}
    made["left_out"] = [{"what": world.text("draft", "left_out"), "why": "It is not said."}]
    return world.make("knowledge.Draft", media=world.media, made_by=world.owner, **made)


@row_of("knowledge.FrameNote")
def _frame_note(world: World) -> Any:
    return world.make("knowledge.FrameNote", frame=world.frame)


@row_of("knowledge.Spelling")
def _spelling(world: World) -> Any:
    return world.make("knowledge.Spelling", keys=["tide", "tde"], word="tide")


@row_of("knowledge.Repetition")
def _repetition(world: World) -> Any:
    """With a second passage, which comes later."""
    place = {"position": 1, "start": 5, "end": 9, "first_cue": 1, "end_cue": 2, "words": 5}
    later = world.make("knowledge.Passage", media=world.media, transcript=world.transcript, **place)
    return world.make("knowledge.Repetition", first=world.passage, second=later, known_by="same", likeness=100)


@row_of("knowledge.RepetitionSearch")
def _repetition_search(world: World) -> Any:
    return world.make("knowledge.RepetitionSearch", passages=2, compared_by_words=2)


@row_of("knowledge.Label")
def _label(world: World) -> Any:
    return world.make("knowledge.Label")


@row_of("knowledge.MediaLabel")
def _media_label(world: World) -> Any:
    return world.make("knowledge.MediaLabel", media=world.media, label=world.label, kind="topic", origin="model")


@row_of("knowledge.Labelling")
def _labelling(world: World) -> Any:
    return world.make("knowledge.Labelling", media=world.media, origin="model", made_at=MOMENT)


@row_of("knowledge.CourseDraft")
def _course_draft(world: World) -> Any:
    """A proposal that waits for an answer."""
    entry = {"title": world.text("coursedraft", "outline"), "media": None, "item": str(world.contentitem.pk)}
    parts = [{"title": world.text("coursedraft", "chapter"), "chapter": str(world.chapter.pk), "entries": [entry]}]
    outline = {"title": "", "description": "", "objectives": [], "level": "", "parts": parts}
    made = {"state": "proposed", "step": "outline", "outline": outline, "was": outline, "told": {}}
    made |= {"updates": True, "batch": world.rows["import"]}
    return world.make("knowledge.CourseDraft", course=world.course, by=world.owner, **made)


@row_of("knowledge.CourseDraftEntry")
def _course_draft_entry(world: World) -> Any:
    return world.make("knowledge.CourseDraftEntry", draft=world.coursedraft, media=world.media, position=1)


@row_of("knowledge.Conversation")
def _conversation(world: World) -> Any:
    about = {"course": world.course, "item": world.contentitem, "media": world.media}
    return world.make("knowledge.Conversation", user=world.learner, reach="lesson", **about)


@row_of("knowledge.Answer")
def _answer(world: World) -> Any:
    return world.make("knowledge.Answer", conversation=world.conversation, state="answered")


@row_of("knowledge.Citation")
def _citation(world: World) -> Any:
    cited = {"passage": world.passage, "media": world.media, "number": 1, "start": 0}
    return world.make("knowledge.Citation", answer=world.answer, **cited)


@row_of("analytics.Event")
def _event(world: World) -> Any:
    return world.make("analytics.Event", type="video_started", media_id=world.media.pk, occurred_at=timezone.now())


@row_of("analytics.MediaDay")
def _media_day(world: World) -> Any:
    return world.make("analytics.MediaDay", media=world.media, day="2026-01-05", views=1)


@row_of("analytics.CourseDay")
def _course_day(world: World) -> Any:
    return world.make("analytics.CourseDay", course=world.course, day="2026-01-05", enrollments=1)


@row_of("analytics.DroppedMonth")
def _dropped_month(world: World) -> Any:
    """Of no organization: each world finds the one month."""
    return apps.get_model("analytics.DroppedMonth").objects.get_or_create(month="2020-01-01")[0]


@row_of("analytics.RollupMark")
def _rollup_mark(world: World) -> Any:
    return world.make("analytics.RollupMark", done_until=timezone.now())


@row_of("analytics.SearchDay")
def _search_day(world: World) -> Any:
    return world.make("analytics.SearchDay", day="2026-01-05", learner=world.learner.pseudonym, searches=1)


@row_of("analytics.WebhookEndpoint")
def _webhook_endpoint(world: World) -> Any:
    url = f"https://host.test/{world.text('webhookendpoint', 'url')}"
    secret = {"sealed_secret": seal(world.text("webhookendpoint", "sealed")), "sealed_old_secret": ""}
    return world.make("analytics.WebhookEndpoint", url=url, events=["media.ready"], **secret)


@row_of("analytics.Delivery")
def _delivery(world: World) -> Any:
    answer = world.text("delivery", "answer")
    tried = {"at": MOMENT.isoformat(), "status": 500, "milliseconds": 9, "answer": answer, "error": ""}
    told = {"type": "media.ready", "state": "failed", "attempts": [tried], "occurred_at": MOMENT}
    return world.make("analytics.Delivery", endpoint=world.webhookendpoint, **told)


@row_of("analytics.RecordStore")
def _record_store(world: World) -> Any:
    return world.make("analytics.RecordStore", sealed=seal(world.text("recordstore", "sealed")))


@row_of("analytics.StatementDue")
def _statement_due(world: World) -> Any:
    return world.make("analytics.StatementDue", session_id=world.watchsession.pk, verb="terminated")


@row_of("analytics.AlertRule")
def _alert_rule(world: World) -> Any:
    rule = {"condition": Condition.FAILURES, "raise_at": 10, "recipients": [f"{world.mark}-alertrule@people.test"]}
    return world.make("analytics.AlertRule", organization=world.organization, **rule)


@row_of("analytics.SiteAlertRule")
def _site_alert_rule(world: World) -> Any:
    """Of all organizations."""
    with organization_scope(None):
        return world.make("analytics.SiteAlertRule", condition=Condition.WAITING_JOBS, raise_at=10, recipients=[])


@row_of("analytics.AlertIncident")
def _alert_incident(world: World) -> Any:
    values = {"raised_value": 12, "worst_value": 12}
    return world.make("analytics.AlertIncident", organization=world.organization, rule=world.alertrule, **values)
