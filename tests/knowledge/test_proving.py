"""The index is what it would become if it were made anew, and where it is not, the command says so."""

from io import StringIO

import pytest
from django.core.management import call_command

from core.models import AiCall
from knowledge.models import Embedding, Passage
from media_library.demo.talks import TIDES
from tests.knowledge.test_meaning import concepts, provider  # noqa: F401


def prove(*arguments):
    """What it prints and its exit status."""
    out, err = StringIO(), StringIO()
    try:
        call_command("prove_index", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue().splitlines(), err.getvalue().strip(), end.code
    return out.getvalue().splitlines(), err.getvalue().strip(), 0


def test_an_index_as_it_should_be_is_proven(concepts, talks, foreign_talk):  # noqa: F811
    assert prove("--embed", "10") == ([], "0 differences.", 0)


def test_words_alone_need_no_meaning(talks):
    assert prove("--embed", "10") == ([], "0 differences.", 0)


def test_each_fact_that_differs_is_told(talks):
    media = talks[TIDES]
    Passage.objects.filter(media=media).update(start=0.25, text="Something else.")

    lines, summary, status = prove("--organization", "harbor")

    assert lines == [
        f"{media.pk}, passage 0: start is '0.25', should be '0.5'",
        f"{media.pk}, passage 0: text is 'Something else.', should be "
        "'Twice a day, on most shores, the sea climbs the beach and sl'",
    ]
    assert (summary, status) == ("2 differences.", 1)


def test_a_passage_too_many_and_one_too_few_are_told(talks, foreign_talk):
    passage = Passage.objects.get(media=talks[TIDES])
    Passage.objects.filter(pk=passage.pk).update(position=1)

    lines, summary, _status = prove()

    assert lines == [
        f"{talks[TIDES].pk}, passage 0: passage is 'none', should be '{passage.text[:60]}'",
        f"{talks[TIDES].pk}, passage 1: passage is '{passage.text[:60]}', should be 'none'",
    ]
    assert summary == "2 differences."


def test_a_meaning_that_lacks_or_points_elsewhere_is_told(concepts, talks):  # noqa: F811
    tides, other, _third = Embedding.objects.order_by("pk")
    Embedding.objects.filter(pk=other.pk).update(vector=[0.0] * 1535 + [1.0])
    tides.delete()

    lines, summary, _status = prove("--embed", "10")

    assert lines == [
        f"{tides.passage.media_id}, passage 0: meaning is 'none', should be 'text-embedding-3-large'",
        f"{other.passage.media_id}, passage 0: cosine is '0.0000', should be 'at least 0.95'",
    ]
    assert summary == "2 differences."


@pytest.mark.parametrize(("arguments", "calls"), [((), 0), (("--embed", "2"), 1)])
def test_meanings_are_asked_anew_only_on_demand(arguments, calls, concepts, talks):  # noqa: F811
    before = AiCall.objects.count()

    prove(*arguments)

    assert AiCall.objects.count() - before == calls
