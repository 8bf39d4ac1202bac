"""Putting labels on media. What a person added, took away or renamed stands, whatever a machine proposes later."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.locking import lock_organization
from core.audit import record
from core.errors import Refused
from core.jobs import enqueue
from core.lines import one_line
from core.models import Job
from core.models.job import JobState
from core.slugs import free_slug
from core.tenancy import current_organization_id
from knowledge.labels.lexemes import lowered
from knowledge.labels.proposal import Proposal
from knowledge.labels.proposing import Words, propose, words_of
from knowledge.labels.reading import labels_of
from knowledge.models import Label, Labelling, MediaLabel
from knowledge.models.label import NAME_CHARACTERS, LabelKind, Origin, Sentiment
from knowledge.services.writing import drafting_writer
from media_library.models import Media

MOST_BY_HAND = 50


def label_media(media_id: UUID, *, anew: bool = False) -> bool:
    """Label a media item by what is said in it. Answers whether anything was to do.

    The same words are not looked at twice, unless `anew`, or there is a model now and was none before. Raises AiError.
    """
    media = Media.objects.select_related("transcript").filter(pk=media_id).first()
    if media is None:
        return False
    words = words_of(media)
    if not anew and _is_done(media, words):
        return False
    proposal = propose(media, words)
    with transaction.atomic():
        lock_organization(current_organization_id())  # the same new word twice at once is one label
        if not Media.objects.filter(pk=media.pk, transcript=media.transcript_id).exists():
            return False  # other words meanwhile: they have a job of their own
        _put(media, proposal)
        _note(media, words, proposal)
    return True


def label_again(media: Media, *, by: Any) -> None:
    """Have a machine look at it anew, later."""
    key = f"label_media:{media.pk}:{timezone.now().isoformat()}"
    waiting = Job.objects.filter(kind="label_media", subject_id=media.pk, state=JobState.QUEUED, payload__anew=True)
    with transaction.atomic():
        if waiting.exists():  # who presses twice pays once
            return
        enqueue("label_media", media.pk, key=key, payload={"anew": True})
        record("labels asked for", by=by, row=media)


@transaction.atomic
def edit_labels(
    media: Media, *, topics: Iterable[str] | None = None, keywords: Iterable[str] | None = None,
    sentiment: str | None = None, by: Any,
) -> None:  # fmt: skip
    """Let these be its labels and its sentiment; None leaves as it is. What is left out is taken away for good.

    Raises Refused, with the field: name_too_long, too_many_labels, unknown_sentiment.
    """
    wanted = {LabelKind.TOPIC: _names(topics, "topics"), LabelKind.KEYWORD: _names(keywords, "keywords")}
    lock_organization(current_organization_id())
    for kind, names in wanted.items():
        if names is not None:
            _put_by_hand(media, kind, names)
    if sentiment is not None:
        _choose_sentiment(media, sentiment)
    record("labels edited", by=by, row=media, detail=", ".join(one.label.name for one in labels_of(media).all))


@transaction.atomic
def rename_label(label: Label, name: str, *, by: Any) -> Label:
    """Call it otherwise on all media; where another label is called so, the two become one. Answers what it is now.

    The old name is taken away from each media item, so that no machine puts it back. Raises Refused with `name`.
    """
    (name,) = _names([name], "name") or [""]
    if not name:
        raise _refusal("name_missing", _("This needs a name."), field="name")
    lock_organization(current_organization_id())
    target = _labels_called([name])[0]
    if target.pk == label.pk:
        return _respell(label, name, by=by)
    for standing in MediaLabel.objects.filter(label=label, is_removed=False):
        _stand(standing.media_id, target, LabelKind(standing.kind), position=standing.position)
    _take_away(MediaLabel.objects.filter(label=label))
    record("label renamed", by=by, row=target, detail=label.name)
    return target


@transaction.atomic
def drop_label(label: Label, *, by: Any) -> None:
    """Take it away from all media, for good; the media stay."""
    record("label dropped", by=by, row=label)
    _take_away(MediaLabel.objects.filter(label=label))


def split_names(text: str) -> list[str]:
    """What somebody wrote between commas or in lines."""
    return [name for line in text.splitlines() for part in line.split(",") if (name := one_line(part))]


def _is_done(media: Media, words: Words) -> bool:
    made = Labelling.objects.filter(media=media.pk, made_at__isnull=False, words_hash=words.digest).first()
    return made is not None and (made.origin == Origin.MODEL or drafting_writer() is None)


def _put(media: Media, proposal: Proposal) -> None:
    """In place of what machines put there before; beside what people did."""
    MediaLabel.objects.filter(media=media.pk, is_removed=False).exclude(origin=Origin.PERSON).delete()
    settled = set(MediaLabel.objects.filter(media=media.pk).values_list("label_id", flat=True))
    kinds = dict.fromkeys(proposal.keywords, LabelKind.KEYWORD) | dict.fromkeys(proposal.topics, LabelKind.TOPIC)
    names = list(dict.fromkeys([*proposal.topics, *proposal.keywords]))
    known = {"origin": proposal.origin, "model": proposal.model, "prompt": proposal.prompt}
    rows = [
        MediaLabel(media_id=media.pk, label=label, kind=kinds[name], position=position, **known)
        for position, (name, label) in enumerate(zip(names, _labels_called(names), strict=True))
        if label.pk not in settled
    ]
    MediaLabel.objects.bulk_create(rows, ignore_conflicts=True)  # a topic may be a keyword too: it stands once
    _forget_unused()


def _note(media: Media, words: Words, proposal: Proposal) -> None:
    made, _is_new = Labelling.objects.get_or_create(media=media)
    made.origin, made.model, made.prompt = proposal.origin, proposal.model, proposal.prompt
    made.words_hash, made.spoken_seconds, made.made_at = words.digest, words.seconds, timezone.now()
    made.sentiment = made.sentiment if made.is_sentiment_chosen else proposal.sentiment
    made.save()


def _put_by_hand(media: Media, kind: LabelKind, names: Sequence[str]) -> None:
    labels = _labels_called(names)
    _take_away(MediaLabel.objects.filter(media=media.pk, kind=kind).exclude(label__in=labels))
    for position, label in enumerate(labels):
        _stand(media.pk, label, kind, position=position)


def _stand(media_id: UUID, label: Label, kind: LabelKind, *, position: int) -> None:
    """What stands there already keeps who put it there, and takes its place in the order."""
    by_hand: dict[str, Any] = {"kind": kind, "origin": Origin.PERSON, "model": "", "prompt": "", "position": position}
    standing, is_new = MediaLabel.objects.get_or_create(media_id=media_id, label=label, defaults=by_hand)
    if not is_new and (standing.is_removed or standing.kind != kind):
        MediaLabel.objects.filter(pk=standing.pk).update(**by_hand, is_removed=False)
    elif standing.position != position:
        MediaLabel.objects.filter(pk=standing.pk).update(position=position)


def _respell(label: Label, name: str, *, by: Any) -> Label:
    """The same letters, small or large."""
    before, label.name = label.name, name
    Label.objects.filter(pk=label.pk).update(name=name)
    record("label renamed", by=by, row=label, detail=before)
    return label


def _take_away(standing: Any) -> None:
    standing.filter(is_removed=False).update(is_removed=True)


def _choose_sentiment(media: Media, sentiment: str) -> None:
    """Empty: nobody says how it sounds."""
    if sentiment and sentiment not in Sentiment.values:
        raise _refusal("unknown_sentiment", _("There is no such sentiment."), field="sentiment")
    made, _is_new = Labelling.objects.get_or_create(media=media)
    if made.sentiment != sentiment:
        Labelling.objects.filter(pk=made.pk).update(sentiment=sentiment, is_sentiment_chosen=True)


def _labels_called(names: Sequence[str]) -> list[Label]:
    """One for each name, in their order; what is not there yet is made."""
    lower = lowered(names)
    called = Label.objects.annotate(lower=Lower("name")).filter(lower__in=lower.values())
    known: dict[str, Label] = {label.lower: label for label in called}
    return [known.setdefault(lower[name], known.get(lower[name]) or _new_label(name)) for name in names]


def _new_label(name: str) -> Label:
    slug = free_slug(Label.objects.all(), name, otherwise="label", any_script=True)
    label: Label = Label.objects.create(name=name, slug=slug)
    return label


def _forget_unused() -> None:
    """Labels that stand nowhere any more, not even as taken away."""
    Label.objects.filter(~Q(pk__in=MediaLabel.objects.values("label"))).delete()


def _names(names: Iterable[str] | None, field: str) -> list[str] | None:
    """Each once, in one line. Raises Refused like `edit_labels`."""
    if names is None:
        return None
    apart = {name.lower(): name for name in reversed([*filter(None, map(one_line, names))])}
    if len(apart) > MOST_BY_HAND:
        raise _refusal("too_many_labels", _("One media item takes %d labels at most.") % MOST_BY_HAND, field=field)
    if long := next((name for name in apart.values() if len(name) > NAME_CHARACTERS), None):
        words = _("“%(name)s…” is too long for a label: %(most)d characters at most.")
        raise _refusal("name_too_long", words % {"name": long[:20], "most": NAME_CHARACTERS}, field=field)
    return [*reversed(apart.values())]


def _refusal(code: str, words: str, *, field: str) -> Refused:
    return Refused(code, words, fields={field: [words]})
