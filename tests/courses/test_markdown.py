"""What creators write becomes HTML that can do no harm, in a time that a page can wait for."""

import re
import time
from html.parser import HTMLParser

import pytest
from django.conf import settings

from courses.markdown import anchor_of, first_sentences, render
from courses.markdown.allowed import TAGS
from courses.markdown.code import CLASSES

KEY = "01890a5d-ac96-774b-bcce-b302099a8057"
OWN = f"/harbor/images/{KEY}.webp"
KEPT_CLASSES = {*CLASSES, "formula", "formula-source", "formula-note", "formula-long", "scroll"}
KEPT_ATTRIBUTES = {
    "align", "alt", "class", "decoding", "display", "fence", "form", "height", "href", "id", "loading", "rel", "src",
    "start", "stretchy", "tabindex", "title", "width",
}  # fmt: skip
LINES = "x = 1\n" * 2_000
SECONDS = 3.0  # of the processor: about one on an idle machine


def html(text):
    return str(render(text)).strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# One\n\n##### Five", "<h2>One</h2>\n<h6>Five</h6>"),
        ("~~no~~ **yes**", "<p><s>no</s> <strong>yes</strong></p>"),
        ("5. five", '<ol start="5">\n<li>five</li>\n</ol>'),
        ("[a](https://b.test)", '<p><a href="https://b.test" rel="noopener noreferrer">a</a></p>'),
        ("From $5 to $10.", "<p>From $5 to $10.</p>"),
        ("It costs 5$ and 6$.", "<p>It costs 5$ and 6$.</p>"),
        ("$x$", '<p><math display="inline"><mrow><mi>x</mi></mrow></math></p>'),
        (
            "$$\nx < 3\n$$",
            '<p><span class="formula" tabindex="0"><math display="block"><mrow><mi>x</mi><mo>&lt;</mo><mn>3</mn></mrow>'
            "</math></span></p>",
        ),
        (
            "```py\nif 1: # x\n```",
            '<pre tabindex="0"><code><span class="code-keyword">if</span> <span class="code-number">1</span>: '
            '<span class="code-comment"># x</span>\n</code></pre>',
        ),
        ("```\nif <1>\n```", '<pre tabindex="0"><code>if &lt;1&gt;\n</code></pre>'),
        ("```martian\nif 1\n```", '<pre tabindex="0"><code>if 1\n</code></pre>'),
        (
            f"![A *bay*]({OWN}#1200x800)",
            f'<p><img src="{OWN}" alt="A bay" width="1200" height="800" loading="lazy" decoding="async"></p>',
        ),
        (f"![]({OWN})", f'<p><img src="{OWN}" alt="" loading="lazy" decoding="async"></p>'),
        (
            "|a|b|\n|-:|:-:|\n|1|2|",
            '<div class="scroll" tabindex="0"><table>\n<thead>\n<tr>\n<th align="right">a</th>\n'
            '<th align="center">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td align="right">1</td>\n'
            '<td align="center">2</td>\n</tr>\n</tbody>\n'
            "</table></div>",
        ),
    ],
)  # fmt: skip
def test_markdown_becomes_html(text, expected):
    assert html(text) == expected


def test_headings_are_places_to_link_to_where_it_is_asked_for():
    text = "# Tying *it* `now`\n\n## Größe: 潮汐!\n\n# Tying it now\n\n# …\n\n# " + "x" * 200

    shown = str(render(text, with_anchors=True))

    assert re.findall(r"<h\d(.*?)>", shown) == [
        ' id="section-tying-it-now"', ' id="section-größe-潮汐"', ' id="section-tying-it-now--2"', "",
        f' id="section-{"x" * 80}"',
    ]  # fmt: skip
    assert (anchor_of("Tying it now"), anchor_of("…")) == ("section-tying-it-now", "")
    assert "id=" not in html(text)


@pytest.mark.parametrize(
    "source",
    [
        "https://tracker.test/a.png", "//tracker.test/images/a.webp", "/harbor/media/x/thumbnail.jpg",
        f"https://tracker.test{OWN}", f"/harbor/../x/images/{KEY}.webp", f"{OWN}?x=1", f"{OWN}#1x0",
        f"/a/b{OWN}", f"/harbor/images/{KEY}.svg",
    ],
)  # fmt: skip
def test_picture_from_elsewhere_is_a_link_with_its_words(source):
    shown = html(f"![A map]({source})")

    link = re.fullmatch(r'<p><a href="([^"]*)"[^>]*>A map</a></p>\n?', shown)
    assert (link and link[1]) == source


def test_picture_of_no_address_leads_nowhere():
    assert html("![A map](data:image/png;base64,aa)") == '<p><a rel="noopener noreferrer">A map</a></p>'


class Elements(HTMLParser):
    """What a browser would make of it: names of elements, and their attributes."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attributes]


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<style>*{}</style>",
    "[a](javascript:alert(1))", "[a](JaVaScRiPt&colon;alert(1))", "[a](data:text/html,<script>)", "[a](vbscript:x)",
    "<a href='javascript:x'>", "![a](javascript:x)", '![" onerror="x](/harbor/images/x.webp)',
    f'![" onerror="x]({OWN})', f'![a]({OWN} "x" onload=1)', '[a](https://b.test "\\" onclick=\\"x")',
    "```\"><script>alert(1)</script>\nx\n```", '```py" onclick="x\nx\n```', "```py class=evil style=x\nx\n```",
    "`<b class=panel>`", '<span class="code-keyword button">x</span>', "<div id=a>", "<math><maction actiontype=x>",
    r"$\text{<script>alert(1)</script>}$", r"$\text{<img src=x onerror=alert(1)>}$",
    r"$\text{</math><script>1</script>}$",
    r"$\text{&lt;script&gt;}$", r"$\href{javascript:alert(1)}{x}$", r"$\href{https://b.test}{x}$",
    r"$\style{position:fixed}{x}$", r"$\class{button}{x}$", r"$\id{main}{x}$", r"$\color{red}{x}$",
    r"$\text{<annotation-xml encoding='text/html'><script>1</script></annotation-xml>}$",
    r"$\text{<mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>}$",
    r"$\def\a{\a\a}\a$", "$$\n<script>\n$$", "| <script> |\n|-|\n| <svg onload=1> |",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_acts_comes_through(text):
    found = Elements()

    found.feed(html(text))

    addresses = [value for _, name, value in found.attributes if name in {"href", "src"}]
    assert found.tags - TAGS == set()
    assert {name for _, name, _ in found.attributes} - KEPT_ATTRIBUTES == set()
    assert {value for _, name, value in found.attributes if name == "class"} - KEPT_CLASSES == set()
    assert [address for address in addresses if not address.startswith(("https://", "/harbor/images/"))] == []


def test_formula_says_what_was_typed_and_no_more():
    assert html(r"$\text{<b>&lt;}$") == '<p><math display="inline"><mrow><mtext>&lt;b&gt;&lt;</mtext></mrow></math></p>'


def test_spaces_of_formulas_stay_small():
    shown = html(r"$a\hspace{9000em}b\hspace{2em}c$")

    assert re.findall(r'width="([^"]*)"', shown) == ["2em"]


@pytest.mark.parametrize(
    "latex",
    [r"\frac{", "^", r"\left(", r"\begin{matrix}" * 9, r"\frac{1}{" * 1000 + "x" + "}" * 1000, r"\frac" * 600,
     "{" * 900 + "}" * 900, r"\sqrt" * 300 + "x", "x^{9" * 400 + "}" * 400, "9" * 2001, r"\newcommand{\a}{x}\a"],
)  # fmt: skip
def test_formula_that_cannot_be_drawn_shows_its_source(latex):
    note = '<span class="formula-note">This formula cannot be drawn.</span>'

    assert html(f"${latex}$") == f'<p><code class="formula-source">{latex}</code> {note}</p>'


HEAVY = {
    "words": "word " * 20_000,
    "dollars": "$" * 10_000,
    "prices": "$ " * 10_000,
    "formulas": "$x$ " * 10_000,
    "other formulas": "".join(rf"$\int_0^\infty e^{{-x^{{{n}}}}} = \sqrt\pi$ " for n in range(900)),
    "open formulas": "$a\n\n" * 10_000,
    "brackets": "[" * 100_000,
    "fewer brackets": "![" * 15_000,
    "emphasis": "*a_ " * 14_000,
    "quotes": "> " * 50_000,
    "lists": "".join("  " * depth + "- a\n" for depth in range(300)),
    "backticks": "".join("`" * count + " " for count in range(400)),
    "wide table": "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|\n" * 57,
    "wider table": "|a" * 500 + "\n" + "|-" * 500 + "\n" + "|\n" * 9_000,
    "headings": "# a\n" * 14_900,
    "code": "```py\nx = 'a' + 1 # b\n```\n" * 3_000,
    "slow code": "".join(
        f"```{language}\n{piece * 1500}\n```\n" for language in ("csharp", "java", "matlab", "diff", "make")
        for piece in ("a\n", "//", "-")
    ),
    "long": "x" * 1_000_000,
}  # fmt: skip


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_heavy_text_is_ready_in_time(text):
    began = time.thread_time()

    shown = html(text)

    assert time.thread_time() - began < SECONDS
    assert shown


def test_what_is_too_much_is_shown_as_it_was_written():
    assert html("[" * 30_001) == f'<pre tabindex="0">{"[" * 30_001}</pre>'
    assert html("$x$ " * 3_000).count("too many formulas") == 3_000 - 40_000 // 21
    assert html(f"```py\n{LINES}```") == f'<pre tabindex="0"><code>{LINES}</code></pre>'


def test_card_has_plain_words():
    text = f"# Tides\n\nSee **this** [map](https://b.test) & ![bay]({OWN}): $x$\n\n```py\nif 1\n```"

    assert first_sentences(text) == "Tides See this map & : if 1"
    assert first_sentences("one two three", characters=9) == "one two…"


def luminance(color):
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_code_can_be_read_in_the_light_and_in_the_dark():
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    folder = settings.BASE_DIR / "static/css"
    tokens = (folder / "tokens.css").read_text()
    lines = re.findall(r"--([\w-]+): light-dark\((.*)\);", tokens)
    pairs = {name: re.findall(r"#\w{6}", value) for name, value in lines}
    grounds = pairs["surface-sunken"]
    used = set(re.findall(r"\.(code-\w+)", (folder / "prose.css").read_text()))

    weak = [(name, side) for name in used for side in (0, 1) if contrast(pairs[name][side], grounds[side]) < 4.5]

    assert (weak, used) == ([], set(CLASSES))
