"""Writing Markdown in the back office: the field, its preview, and where its images go."""

import json
import re
from html import unescape

from courses.admin.markdown_widget import BUTTONS, MarkdownWidget

PREVIEW = "/admin/markdown/"


def test_preview_is_what_learners_will_see(alice, client_of):
    answer = client_of(alice).post(PREVIEW, {"text": "**Tides** $x$ <script>"})

    drawn = '<p><strong>Tides</strong> <math display="inline"><mrow><mi>x</mi></mrow></math> &lt;script&gt;</p>\n'
    assert (answer.status_code, answer.content.decode()) == (200, drawn)


def test_preview_says_where_images_go(alice, client_of):
    assert client_of(alice).get(PREVIEW).json() == {"images": "/api/v1/harbor/images/"}


def test_preview_is_for_those_who_make_content(bob, client, client_of):
    people = (client_of(bob), client)

    answers = [getattr(one, method)(PREVIEW).status_code for one in people for method in ("get", "post")]

    assert answers == [302] * 4


def test_course_form_has_the_editor_and_keeps_what_is_written(alice, client_of):
    page = client_of(alice).get("/admin/courses/course/add/").content.decode()

    editor = re.search(r"<markdown-editor [^>]*>.*?</markdown-editor>", page, re.DOTALL).group()
    assert re.search(r'<textarea name="description"', editor)
    loaded = re.findall(r'(?:src|href)="[^"]*(markdown_editor\.[^"]*)"', page)
    assert loaded == ["markdown_editor.css", "markdown_editor.js"]


def test_editor_has_words_for_each_button():
    html = MarkdownWidget(attrs={"rows": 3}).render("text", '</textarea><script>"')

    words = json.loads(unescape(re.search(r'data-words="([^"]*)"', html).group(1)))
    buttons = json.loads(unescape(re.search(r'data-buttons="([^"]*)"', html).group(1)))
    assert [name for name, *_ in buttons] == [name for name, *_ in BUTTONS]
    assert {name for name, *_ in buttons} - set(words) == set()
    assert "&lt;/textarea&gt;&lt;script&gt;" in html
