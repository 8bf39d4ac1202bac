"""Labels: counted, named by a model, given by people."""

from collections.abc import Collection

import pytest

from accounts.models import Organization
from core.errors import Refused
from core.models import AiCall, AuditEntry, Job
from knowledge.labels.counting import Elsewhere, best_keywords, terms_in, words_in
from knowledge.labels.labelling import drop_label, edit_labels, label_again, label_media, rename_label
from knowledge.labels.lexemes import stems_of
from knowledge.labels.proposal import kept_keywords, kept_topics
from knowledge.labels.proposing import READ_CHARACTERS, excerpt
from knowledge.labels.reading import labels_of
from knowledge.labels.themes import theme_map
from knowledge.models import Label, MediaLabel
from media_library.captions import TimedText
from media_library.demo.talks import CURRENTS, TIDES, WAVES
from media_library.models import Status
from media_library.models.transcript import Method
from media_library.services.transcripts import publish_transcript
from tests.core.embeddings_provider import refusal
from tests.core.writer_provider import PATH, messages_asked, serve
from tests.knowledge.concepts import serve_concepts
from tests.knowledge.conftest import add_media, cues_of

NAMED = {
    "topics": ["Tides", "Gravity of the Moon", "go to evil.example now", "one two three four five"],
    "keywords": ["two bulges", "Spring Tides", "unicorn", "spring tides"],
    "sentiment": "neutral",
}


@pytest.fixture
def model(settings, httpserver):
    """A model that names labels for whatever it is given."""
    settings.WRITER_BASE_URL = httpserver.url_for("/v1")
    serve(httpserver, lambda messages: NAMED)
    return httpserver


def names(media) -> tuple[list[str], list[str], str]:
    shown = labels_of(media)
    return [str(one) for one in shown.topics], [str(one) for one in shown.keywords], shown.sentiment


def counted(text: str, *, elsewhere: Elsewhere = Elsewhere(), about: Collection[str] = ()) -> list[str]:  # noqa: B008
    return best_keywords(terms_in(text, stems_of(words_in(text), config="english")), elsewhere, about=about)


def test_what_is_said_again_and_again_is_a_keyword_as_it_is_spelled(db):
    text = "Swell crosses oceans. The swell is long, as NASA knows. Ask NASA about swell, spring tides: spring tides."

    assert counted(text) == ["spring tides", "swell", "NASA"]


def test_a_word_that_comes_back_by_chance_is_none_beside_one_that_is_meant(db):
    text = "A storm takes hours. A storm, and ripples grow. It takes a ripple or a storm."

    assert counted(text, about={"rippl"}) == ["ripple", "storm"]


def test_what_the_rest_of_the_library_says_too_tells_less(db):
    text = "Wave after wave after wave. A gull, another gull, one gull, and lemon on lemon on lemon on lemon."

    rare = counted(text, elsewhere=Elsewhere(10, {"wave": 10, "gull": 1}))

    assert rare == ["lemon", "gull"]


def test_a_word_that_is_hardly_said_outside_of_a_pair_stands_back_behind_it(db):
    text = "Deep water sinks. Deep water rises, and the surface is wet: what a surface, o surface."

    assert counted(text) == ["deep water", "surface"]


@pytest.mark.parametrize("text", ["", "the and of", "12 12 12", "a b a b", "潮汐每天来两次", "… ! ?"])
def test_where_nothing_tells_there_is_no_keyword(db, text):
    assert counted(text) == []


def test_topics_are_a_few_plain_words_and_keywords_are_said():
    said = "Spring tides: the C++ of\nthe sea."

    assert kept_topics(["Tides ", "tides", "R&D", "C++", "see evil.example", "a b c d e", "x" * 61, "42", ""]) == (
        "Tides", "R&D", "C++",
    )  # fmt: skip
    assert kept_keywords(["spring tides", "ring tide", "c++", "of the sea", "dry"], said=said) == (
        "spring tides", "c++", "of the sea",
    )  # fmt: skip


def test_a_long_transcript_is_read_from_all_over_it():
    text = "".join(f"{n:06} " for n in range(100_000))

    read = excerpt(text)

    assert (len(read) <= READ_CHARACTERS, read[:6], read.count("[…]")) == (True, "000000", 11)
    assert text.index(read[-7:-1]) > 0.95 * len(text)


def test_media_is_labelled_when_its_words_are_there(talks):
    for media in talks.values():
        label_media(media.pk, anew=True)

    found = [names(talks[talk])[1][:2] for talk in (TIDES, WAVES, CURRENTS)]
    assert found == [["tides", "Moon"], ["wind", "wave"], ["water"]]
    assert set(MediaLabel.objects.values_list("origin", "model", "prompt")) == {("statistics", "", "")}


def test_a_model_names_them_and_what_does_not_hold_is_dropped(scope, model, work_off):
    media = add_media(TIDES.title, cues_of(TIDES))
    work_off()

    assert names(media) == (["Tides", "Gravity of the Moon"], ["two bulges", "Spring Tides"], "neutral")
    assert set(MediaLabel.objects.values_list("origin", "model", "prompt")) == {("model", "gpt-5.6-luna", "labels/1")}
    assert set(AiCall.objects.values_list("purpose", "subject_id")) == {("label", media.pk)}
    [[order, asked]] = messages_asked(model)
    assert (order["role"], "en" in order["content"]) == ("system", True)
    assert TIDES.title in asked["content"]


def test_the_same_words_are_not_paid_for_twice(scope, model, work_off):
    media = add_media(TIDES.title, cues_of(TIDES))
    work_off()

    repeated = [label_media(media.pk), label_media(media.pk, anew=True)]

    assert (repeated, len(messages_asked(model))) == ([False, True], 2)


def test_a_model_that_comes_later_takes_the_place_of_counting(talks, model):
    media = talks[TIDES]

    assert label_media(media.pk) is True
    assert names(media)[:2] == (["tides", "Gravity of the Moon"], ["two bulges", "Spring Tides"])


def test_where_nothing_may_be_spent_words_are_counted(scope, model, settings, work_off):
    settings.AI_PRICES = {settings.DRAFT_MODEL: {"million_tokens_read": 1, "million_tokens_written": 1}}
    Organization.objects.update(monthly_ai_ceiling=0)

    media = add_media(TIDES.title, cues_of(TIDES))
    work_off()

    assert (names(media)[0], messages_asked(model)) == ([], [])
    assert set(MediaLabel.objects.values_list("origin", flat=True)) == {"statistics"}


def test_a_model_that_fails_leaves_the_media_as_it_is(scope, settings, httpserver, work_off):
    settings.WRITER_BASE_URL = httpserver.url_for("/v1")
    httpserver.expect_request(PATH).respond_with_handler(lambda request: refusal(401, "invalid_api_key"))

    media = add_media(TIDES.title, cues_of(TIDES))
    work_off()

    media.refresh_from_db()
    assert (media.status, names(media)) == (Status.COMPLETED, ([], [], ""))


def test_other_words_get_other_labels_and_a_person_s_stand(talks, work_off, alice):
    media = talks[TIDES]
    label_media(media.pk, anew=True)
    before = names(media)[1]
    edit_labels(media, topics=["Beloved"], keywords=[*before[1:], "by hand"], sentiment="positive", by=alice)

    label_media(media.pk, anew=True)
    again = names(media)
    publish_transcript(media, cues_of(WAVES), language="en", method=Method.SIDECAR)
    work_off()

    assert (again[0], set(again[1]), again[2]) == (["Beloved"], {*before[1:], "by hand"}, "positive")
    assert before[0] not in names(media)[1]
    topics, keywords, sentiment = names(media)
    assert (topics, "by hand" in keywords, len(keywords) > len(before), sentiment) == (
        ["Beloved"],
        True,
        True,
        "positive",
    )


def test_words_that_are_gone_take_their_labels_along(talks):
    media = talks[TIDES]
    media.transcript = None
    media.save()

    label_media(media.pk)

    assert names(media) == ([], [], "")


def test_a_label_renamed_everywhere_does_not_come_back(talks, alice):
    media = talks[TIDES]
    old = labels_of(media).keywords[0].label

    new = rename_label(old, "Seaside", by=alice)
    for one in talks.values():
        label_media(one.pk, anew=True)

    assert new.name == "Seaside"
    assert ("Seaside" in names(media)[1], old.name in names(media)[1]) == (True, False)


def test_a_label_dropped_everywhere_does_not_come_back(talks, alice):
    media = talks[TIDES]
    label_media(media.pk, anew=True)
    before = names(media)[1]

    drop_label(labels_of(media).keywords[0].label, by=alice)
    label_media(media.pk, anew=True)

    assert names(media)[1] == before[1:]


@pytest.mark.parametrize(("one", "other"), [("İstanbul", "istanbul"), ("ΑΤΛΑΣ", "ατλας")])
def test_small_letters_are_those_of_the_database(one, other, scope, alice):
    """Python and the database disagree about them, and two labels of one name are refused."""
    media = add_media("Short", [TimedText(0, 4, "Nothing.")])
    edit_labels(media, topics=[one], by=alice)
    again = add_media("Other", [TimedText(0, 4, "Nothing.")])

    edit_labels(again, topics=[one], by=alice)
    renamed = rename_label(Label.objects.get(), f"{one} now", by=alice)
    rename_label(renamed, f"{other} now", by=alice)

    assert [names(here)[0] for here in (media, again)] == [[names(media)[0][0]]] * 2
    assert AuditEntry.objects.filter(action="label renamed").count() == 2


def test_the_order_of_a_person_stands(scope, alice):
    media = add_media("Short", [TimedText(0, 4, "Nothing.")])
    edit_labels(media, keywords=["ebb", "flood", "slack"], by=alice)

    edit_labels(media, keywords=["slack", "ebb", "flood"], by=alice)

    assert names(media)[1] == ["slack", "ebb", "flood"]


def test_who_asks_twice_for_labels_pays_once(talks, alice):
    for _ in range(2):
        label_again(talks[TIDES], by=alice)

    assert Job.objects.filter(kind="label_media", payload__anew=True).count() == 1


def test_labels_of_media_that_means_the_same_are_one_theme(scope, httpserver, settings, alice, work_off, organization):
    settings.EMBEDDING_BASE_URL, settings.EMBEDDING_MODEL = httpserver.url_for("/v1"), "text-embedding-3-large"
    serve_concepts(httpserver)
    said = {"Moon": "The moon makes a tide.", "Attraction": "Lunar attraction.", "Surf": "Surfing on a wave."}
    for label, sentence in said.items():
        edit_labels(add_media(label, [TimedText(1, 4, sentence)]), topics=[label], by=alice)
    apart = theme_map(zone=organization.zone)
    work_off()

    together = theme_map(zone=organization.zone)

    assert len(apart.themes) == 3
    assert [{one.label.name for one in theme.labels} for theme in together.themes] == [{"Attraction", "Moon"}, {"Surf"}]


def test_one_word_in_two_spellings_is_one_label(scope, alice):
    media = add_media("Short", [TimedText(0, 4, "Nothing.")])

    edit_labels(media, topics=["Tides", "tides ", "Ebb"], keywords=["EBB"], by=alice)

    assert names(media)[:2] == (["Tides"], ["Ebb"])
    assert [label.slug for label in Label.objects.all()] == ["ebb", "tides"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"topics": ["x" * 61]}, "name_too_long"),
        ({"keywords": [f"word {n}" for n in range(51)]}, "too_many_labels"),
        ({"sentiment": "grim"}, "unknown_sentiment"),
    ],
)
def test_what_is_no_label_is_refused(scope, alice, given, code):
    media = add_media("Short", [TimedText(0, 4, "Nothing.")])

    with pytest.raises(Refused) as raised:
        edit_labels(media, **given, by=alice)

    assert (raised.value.code, list(raised.value.fields)) == (code, list(given))
