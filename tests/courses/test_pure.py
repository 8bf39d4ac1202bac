"""The parts that know neither database nor request."""

from uuid import UUID

import pytest

from courses.content import content_errors
from courses.learn_space.next_step import next_step
from courses.learn_space.outline import OutlineRow, neighbors, next_row, render_outline, standing
from courses.markdown import first_sentences, render
from courses.progress.counting import Standing

CHAPTER = UUID(int=1)


def row(number: int, *, done: bool = False, **changes: object) -> OutlineRow:
    plain = OutlineRow(
        CHAPTER, "Light", UUID(int=100 + number), f"Lesson {number}", "text", "published", True, 3, None,
        "read" if done else None, None, None, True, done,
    )  # fmt: skip
    return plain._replace(**changes)


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("Some *words*", "<p>Some <em>words</em></p>\n"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("# Title", "<h2>Title</h2>\n"),
        ("[x](https://a.test)", '<p><a href="https://a.test" rel="noopener noreferrer">x</a></p>\n'),
    ],
)
def test_markdown_becomes_harmless_html(source: str, html: str) -> None:
    assert render(source) == html


def test_first_sentences_are_plain_words() -> None:
    assert first_sentences("**Salt & water**\n\n- rise", characters=100) == "Salt & water rise"
    assert first_sentences("one two three", characters=9) == "one two…"


def test_content_errors_stand_at_the_field() -> None:
    assert content_errors("video", {"media": None, "quiz": "quiz", "text": ""}) == {
        "media": ["A video item needs media: choose one from the library."],
        "quiz": ["A video item holds media only. Leave this empty or choose another type."],
    }
    assert content_errors("text", {"text": "Words"}) == {}


def test_standing_takes_the_items_that_count() -> None:
    rows = [row(1, done=True), row(2), row(3, done=True, counts=False)]

    assert standing(rows) == Standing(1, 2)


def test_next_row_is_the_last_visited_until_it_is_done() -> None:
    rows = [row(1), row(2), row(3)]

    assert next_row(rows, rows[1].id) == rows[1]
    assert next_row([rows[0], row(2, done=True), rows[2]], rows[1].id) == rows[2]
    assert next_row([row(1), row(2), row(3, done=True)], rows[2].id) == rows[0]
    assert next_row([], None) is None


def test_next_row_passes_over_what_one_is_excused_from() -> None:
    excused = row(1, reason="excused", counts=False)

    assert next_row([excused, row(2)], excused.id) == row(2)
    assert next_step([excused, row(2, done=True)], last_item_id=excused.id).label == "Review"


def test_neighbors_end_at_the_borders() -> None:
    rows = [row(1), row(2)]

    assert (neighbors(rows, rows[0].id), neighbors(rows, UUID(int=5))) == ((None, rows[1]), (None, None))


@pytest.mark.parametrize(
    ("rows", "last", "label"),
    [
        ([row(1), row(2)], None, "Start"),
        ([row(1, done=True), row(2)], UUID(int=101), "Continue"),
        ([row(1, type="video", duration=100.0, position=62.0, percent=60.0)], UUID(int=101), "Continue at 1:02"),
        ([row(1, done=True), row(2, done=True)], UUID(int=102), "Review"),
    ],
)
def test_next_step_says_what_to_do(rows: list[OutlineRow], last: UUID | None, label: str) -> None:
    assert next_step(rows, last_item_id=last).label == label


def test_outline_escapes_titles_and_marks_the_open_item() -> None:
    first = row(1, title="<b>Salt</b>", done=True)

    html = render_outline([first], prefix="../", current=first.id)

    assert html.splitlines()[2] == (
        "<li class=outline__item data-item-id=00000000-0000-0000-0000-000000000065 data-state=completed"
        " aria-current=true>"
        '<a class=outline__link href="../00000000-0000-0000-0000-000000000065/"><span class=state></span>'
        "<span>&lt;b&gt;Salt&lt;/b&gt; <span class=visually-hidden data-state-label>Completed</span>"
        "<span class=outline__kind>Text</span></span><span class=outline__time>3 min</span></a>"
    )
