"""What is written in courses is found too: texts, and files that are handed out."""

import pytest
import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from courses.models import Chapter, Quiz, Resource
from courses.services.authoring import add_chapter, add_item, create_course, save_item
from courses.services.duplicating import duplicate_course
from courses.services.publishing import place_instead
from courses.services.removing import delete_chapter, delete_course, delete_item
from courses.services.resources import save_resource
from knowledge.models import Embedding, Passage
from knowledge.written.markdown_words import paragraphs_of_markdown
from knowledge.written.sections import Paragraph, chapter_borders, chunk_written
from media_library.demo.talks import TIDES, WAVES
from tests.courses.conftest import make_quiz
from tests.knowledge.concepts import serve_concepts, texts_asked
from tests.knowledge.conftest import add_media, cues_of

MARKDOWN = """# Why two bulges

The *moon* pulls [the sea](https://example.test/secret). What is far away
is pulled less.

| high | low |
|------|-----|
| six  | two |

## How to read a table

```
tide = 12
```

![A table](/images/x.png) says $h = 3$.
"""


@pytest.fixture
def chapter(scope, alice) -> Chapter:
    return add_chapter(create_course(title="Tides", by=alice), title="Begin")


@pytest.fixture
def provider(httpserver, settings):
    settings.EMBEDDING_BASE_URL = httpserver.url_for("/v1")
    serve_concepts(httpserver)
    return httpserver


def write(chapter, text, by, title="The words"):
    return add_item(chapter, by=by, type="text", title=title, text=text)


def hand_out(chapter, name, content, by):
    resource = save_resource(Resource(title=name), file=SimpleUploadedFile(name, content))
    return add_item(chapter, by=by, type="resource", title=name, resource=resource)


def pdf_of(*pages: str) -> bytes:
    return typst.compile("#pagebreak()\n".join(f"{page}\n" for page in pages).encode())


def said() -> list[tuple[object, str, str, int | None]]:
    return list(Passage.objects.order_by("item__created_at", "position").values_list("item", "text", "heading", "page"))


def test_markdown_becomes_words_below_headings():
    assert paragraphs_of_markdown(MARKDOWN) == [
        Paragraph("Why two bulges", "Why two bulges"),
        Paragraph("The moon pulls the sea. What is far away is pulled less.", "Why two bulges"),
        *(Paragraph(cell, "Why two bulges") for cell in ("high", "low", "six", "two")),
        Paragraph("How to read a table", "How to read a table"),
        Paragraph("tide = 12", "How to read a table"),
        Paragraph("A table says h = 3.", "How to read a table"),
    ]


def test_a_passage_stays_within_its_heading_and_repeats_what_came_before():
    long = " ".join(f"Sentence number {n} is here." for n in range(60))
    paragraphs = [Paragraph("First", "First"), Paragraph(long, "First"), Paragraph(long, "Second")]

    chunks = chunk_written(paragraphs, size=200, overlap=20)

    assert [(one.heading, one.words) for one in chunks] == [
        ("First", 196),
        ("First", 125),
        ("Second", 200),
        ("Second", 120),
    ]
    assert chunks[0].text.startswith("First\nSentence number 0 is here. Sentence number 1 is here.")
    assert chunks[1].text.startswith("Sentence number 35 is here.")


def test_chapters_of_a_few_words_are_joined():
    headings = ["", "a", "a", "b", "c"]

    assert chapter_borders(headings, [3, 40, 40, 5, 90], shortest=20) == [3]
    assert chapter_borders(headings, [30, 40, 40, 50, 5], shortest=20) == [1, 3]


def test_texts_and_files_are_passages_and_nothing_else_is(chapter, alice, work_off):
    text = write(chapter, "# Why\n\nThe moon pulls.", alice)
    notes = hand_out(chapter, "notes.md", b"# Notes\n\nThe *sea* rises.", alice)
    plain = hand_out(chapter, "plain.txt", b"One line\nof it.\n\nAnother.", alice)
    sheet = hand_out(chapter, "sheet.pdf", pdf_of("Spring tides are high.", "Neap tides are low."), alice)
    hand_out(chapter, "picture.png", b"not words", alice)
    save_resource(Resource(title="link"), link="https://example.test/")
    add_item(chapter, by=alice, type="quiz", title="Quiz", quiz=make_quiz())

    work_off()

    assert said() == [
        (text.pk, "Why\nThe moon pulls.", "Why", None),
        (notes.pk, "Notes\nThe sea rises.", "Notes", None),
        (plain.pk, "One line of it.\nAnother.", "", None),
        (sheet.pk, "Spring tides are high.\nNeap tides are low.", "", 1),
    ]
    assert Quiz.objects.exists()


def test_passages_follow_what_is_written(chapter, alice, work_off):
    text = write(chapter, "Old words.", alice)
    sheet = hand_out(chapter, "sheet.txt", b"Old file.", alice)
    gone = write(chapter, "Not for long.", alice)
    work_off()
    text.text = "New words."
    save_item(text, by=alice)
    save_resource(sheet.resource, file=SimpleUploadedFile("sheet.txt", b"New file."))
    delete_item(gone, by=alice)

    work_off()

    assert said() == [(text.pk, "New words.", "", None), (sheet.pk, "New file.", "", None)]


def test_the_language_is_that_of_the_films_of_the_course(chapter, alice, work_off):
    film = add_media("Gezeiten", cues_of(TIDES), language="de")
    add_item(chapter, by=alice, type="video", title="Film", media=film)
    write(chapter, "Die Gezeiten.", alice)

    work_off()

    assert Passage.objects.get(item__isnull=False).search_config == "german"


def test_a_copied_course_is_found_and_costs_nothing(provider, chapter, alice, work_off):
    write(chapter, "The moon pulls.", alice)
    hand_out(chapter, "sheet.txt", b"The sea rises.", alice)
    work_off()
    asked = texts_asked(provider)

    duplicate_course(chapter.course, by=alice)
    work_off()

    assert asked == ["The words: The moon pulls.", "sheet.txt: The sea rises."]
    assert texts_asked(provider) == asked
    assert (Passage.objects.count(), Embedding.objects.count()) == (4, 4)


def test_chapters_of_a_film_cut_its_passages(chapter, alice, work_off, settings):
    settings.PASSAGE_WORDS, settings.PASSAGE_OVERLAP = 50, 5
    film = add_media("Tides", cues_of(TIDES))
    work_off()
    item = add_item(chapter, by=alice, type="video", title="Film", media=film)
    item.metadata = {"chapters": [{"at": 0, "title": "Bulges"}, {"at": 20.5, "title": "Springs"}]}

    save_item(item, by=alice)
    work_off()

    headings = list(Passage.objects.values_list("heading", "start").order_by("position"))
    assert headings[0] == ("Bulges", 0.5)
    assert ("Springs", 20.5) in headings
    item.metadata = {}
    save_item(item, by=alice)
    work_off()
    assert set(Passage.objects.values_list("heading", flat=True)) == {""}


def hold_another_film(item, by):
    item.media = add_media("Waves", cues_of(WAVES))
    save_item(item, by=by)


@pytest.mark.parametrize(
    "take_out",
    [
        lambda item, by: delete_item(item, by=by),
        lambda item, by: delete_chapter(item.chapter, by=by),
        lambda item, by: delete_course(item.chapter.course),
        hold_another_film,
    ],
    ids=["item", "chapter", "course", "another film"],
)
def test_chapters_go_with_the_item_that_named_them(take_out, chapter, alice, work_off):
    film = add_media("Tides", cues_of(TIDES))
    marks = {"chapters": [{"at": 0, "title": "Bulges"}, {"at": 20.5, "title": "Springs"}]}
    item = add_item(chapter, by=alice, type="video", title="Film", media=film, metadata=marks)
    work_off()
    spoken = Passage.objects.filter(media=film).exclude(heading="")
    before = spoken.count()

    take_out(item, alice)
    work_off()

    assert (before > 0, spoken.count()) == (True, 0)


def test_a_film_that_turns_out_to_be_another_brings_it_its_chapters(chapter, alice, work_off, settings):
    settings.PASSAGE_WORDS, settings.PASSAGE_OVERLAP = 50, 5
    first, again = add_media("Tides", cues_of(TIDES)), add_media("Tides once more", cues_of(TIDES))
    marks = {"chapters": [{"at": 0, "title": "Bulges"}, {"at": 20.5, "title": "Springs"}]}
    add_item(chapter, by=alice, type="video", title="Film", media=again, metadata=marks)
    work_off()

    place_instead(again, first)
    work_off()

    assert set(Passage.objects.filter(media=first).values_list("heading", flat=True)) == {"Bulges", "Springs"}
