"""Files of a course that are broken or want to do harm: the worker goes on, and whoever looks is told."""

import io
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from core.models import Job
from courses.models import Chapter, Resource
from courses.services.authoring import add_chapter, add_item, create_course
from courses.services.resources import save_resource
from knowledge.models import Passage
from knowledge.written import files
from knowledge.written.files import Trouble, Unread, paragraphs_of_file
from knowledge.written.sections import Paragraph, chunk_written
from tests.knowledge.hostile_files import (
    WORDS,
    bomb,
    doubling_pages,
    many_pages,
    pdf_with,
    stream,
    with_a_table_that_leads_to_itself,
    with_its_table_elsewhere,
)  # fmt: skip

GOOD = pdf_with(stream(WORDS))
SAID = Paragraph("Spring tides are high.", page=1)
MOST_SECONDS = 60.0  # on a busy machine; by itself each takes some seconds
TWICE = b"/X Do /X Do"
FORM = b"/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>"


@pytest.fixture
def chapter(scope, alice) -> Chapter:
    return add_chapter(create_course(title="Tides", by=alice), title="Begin")


def locked(content: bytes) -> bytes:
    writer, out = PdfWriter(clone_from=PdfReader(io.BytesIO(content))), io.BytesIO()
    writer.encrypt("only we know", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def hand_out(chapter, name, content, by):
    resource = save_resource(Resource(), file=SimpleUploadedFile(name, content))
    return add_item(chapter, by=by, type="resource", title=name, resource=resource)


def trouble_with(content: bytes, name: str = "x.pdf") -> Trouble:
    with pytest.raises(Unread) as caught:
        paragraphs_of_file(io.BytesIO(content), filename=name)
    return caught.value.trouble


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (pdf_with(bomb(1_000)), Trouble.TOO_MUCH),
        (doubling_pages(30), Trouble.TOO_MUCH),
        (locked(GOOD), Trouble.LOCKED),
        (pdf_with(stream(WORDS), pages=b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), Trouble.BROKEN),
        (b"%PDF-1.7 and then nothing", Trouble.BROKEN),
        (b"", Trouble.BROKEN),
        (b"\x00" * 1000, Trouble.BROKEN),
        (b"MZ\x90\x00 a program that is called a PDF", Trouble.BROKEN),
    ],
    ids=["bomb", "doubling pages", "locked", "pages in a circle", "cut", "empty", "zeros", "other kind"],
)  # fmt: skip
def test_a_pdf_that_cannot_be_read_says_why(content, trouble):
    began = time.monotonic()

    assert (trouble_with(content), len(content) < 100_000) == (trouble, True)
    assert time.monotonic() - began < MOST_SECONDS


@pytest.mark.parametrize(
    "content",
    [
        with_its_table_elsewhere(GOOD),
        with_a_table_that_leads_to_itself(GOOD),
        pdf_with(stream(WORDS), pages=b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>"),
        pdf_with(stream(WORDS + TWICE), resources=b"/XObject << /X 5 0 R >> ", _5=stream(TWICE, FORM)),
    ],
    ids=["table elsewhere", "table in a circle", "a count that lies", "pictures in a circle"],
)
def test_a_broken_pdf_is_read_as_far_as_it_goes(content):
    assert paragraphs_of_file(io.BytesIO(content), filename="x.PDF") == [SAID]


def test_of_thousands_of_pages_the_first_thousand_are_read():
    found = paragraphs_of_file(io.BytesIO(many_pages(3_000)), filename="x.pdf")

    assert [one.page for one in found] == list(range(1, 1_001))


def test_a_pdf_that_takes_longer_than_the_limit_is_given_up(monkeypatch):
    monkeypatch.setattr(files, "PDF_SECONDS", 0.1)
    began = time.monotonic()

    assert (trouble_with(many_pages(3_000)), time.monotonic() - began < MOST_SECONDS) == (Trouble.TOO_MUCH, True)


@pytest.mark.parametrize(("unit", "name"), [("a b ", "x.txt"), ("\0", "x.txt"), ("> ", "x.md"), ("[", "x.md")])
def test_a_huge_text_is_cut_in_bounded_time(unit, name):
    began = time.monotonic()

    paragraphs = paragraphs_of_file(io.BytesIO((unit * 3_000_000).encode()[:3_000_000]), filename=name)
    chunks = chunk_written(paragraphs, size=500, overlap=50)

    assert sum(len(one.text) for one in paragraphs) <= files.MOST_CHARACTERS
    assert all(len(one.text) <= 500 * 41 for one in chunks)
    assert time.monotonic() - began < MOST_SECONDS


def test_words_between_zeros_and_broken_letters_are_read():
    found = paragraphs_of_file(io.BytesIO(b"Spring\0tides \xff\xfe rise.\0\0"), filename="x.txt")

    assert found == [Paragraph("Spring tides �� rise.")]


def test_the_others_are_found_and_the_job_names_what_is_not(chapter, alice, work_off):
    hand_out(chapter, "good.pdf", GOOD, alice)
    hand_out(chapter, "locked.pdf", locked(GOOD), alice)
    hand_out(chapter, "bomb.pdf", pdf_with(bomb(1_000)), alice)

    work_off()

    assert list(Passage.objects.values_list("text", flat=True)) == ["Spring tides are high."]
    failed = Job.objects.filter(kind="index_items", state="failed").order_by("id")
    assert list(failed.values_list("error_code", "error_message", "attempt")) == [
        ("unread_files", "“locked.pdf” needs a password: search cannot read it.", 1),
        (
            "unread_files",
            "“bomb.pdf” takes too long to read, or holds more than it seems: search leaves it out.",
            1,
        ),
    ]
