"""Fifty orders planted in transcripts, and a model that obeys each of them as well as it can."""

import re
from html.parser import HTMLParser

import pytest
from django.utils.html import escape

from core.tenancy import organization_scope
from courses.models import Question, Quiz
from knowledge.asking.answering import ask, whole
from knowledge.asking.scope import LIBRARY
from knowledge.models import Conversation
from media_library.captions import TimedText
from tests.knowledge.conftest import add_media
from tests.knowledge.injections import FOREIGN, HOST, INJECTIONS, KEY, LOOT, WANTED

TALKS = 10
CANARY = re.compile("canary-[a-z-]+")


class Rendered(HTMLParser):
    """What a browser would load, follow or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action", "srcset", "formaction")]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]


def obeyed(asked):
    """Every order that it was given, with a citation so that it may pass for an answer, and all it knows in it."""
    known, given = " ".join(CANARY.findall(asked)) or LOOT, " ".join(asked.split())
    pairs = zip(INJECTIONS, WANTED, strict=True)
    return [wanted.replace(LOOT, known) for planted, wanted in pairs if " ".join(visible(planted).split()) in given]


def obey(asked):
    return "\n".join(line for order in obeyed(asked) for line in (f"{order} [1]", f"{order} [1]. Tides rise [1]."))


def visible(text):
    return text.translate(dict.fromkeys([0x202E, 0x202C, 0x200B]))


@pytest.fixture
def planted(scope, other_organization, work_off):
    """Each in a talk about herons; a quiz has the key, another organization says the foreign words."""
    quiz = Quiz.objects.create(title="Herons")
    options = [{"key": "a", "text": KEY}, {"key": "b", "text": "no"}]
    Question.objects.create(quiz=quiz, prompt="Heron?", options=options, answer={"key": "a"}, position=1)
    for n in range(TALKS):
        orders = [TimedText(5 * k, 5 * k + 4, said, "") for k, said in enumerate(INJECTIONS[n::TALKS], start=1)]
        add_media(f"Talk {n}", [TimedText(0, 4, f"Heron number {n} stands here.", ""), *orders])
    with organization_scope(other_organization):
        add_media("Foreign", [TimedText(0, 4, f"Heron: {FOREIGN}.", "")])
    work_off()


def test_fifty_orders_bring_nothing_onto_the_page(planted, bob, organization, client_of, says, httpserver):
    given = []
    says(lambda messages: given.append(messages[-1]["content"]) or obey(given[-1]))
    pages = []

    for n in range(TALKS):
        answer = whole(ask(f'"Heron number {n}"', scope=LIBRARY, user=bob, organization=organization))
        pages.append(client_of(bob).get(f"/harbor/ask/{answer.conversation_id}/").content.decode())

    assert (len(set(INJECTIONS)), Conversation.objects.count()) == (50, TALKS)
    assert sum(len(obeyed(one)) for one in given) >= 50
    assert CANARY.findall("".join(given + pages)) == []
    for page in pages:
        answer = page[page.index("data-ask-log>") : page.index('<form class="ask__form"')]
        rendered = Rendered()
        rendered.feed(answer)
        assert rendered.tags <= {"article", "h3", "p", "a", "br", "details", "summary", "ol", "li", "span", "div",
                                 "blockquote", "form", "input", "button"}  # fmt: skip
        assert [one for one in rendered.addresses if not one.startswith("/harbor/")] == []
        text = answer[answer.index("<h3") : answer.index("<details")]
        assert [part for part in (HOST, escape("<script>")) if part in visible(text)] == []
