"""What of an answer may be shown."""

import pytest

from knowledge.asking.citations import Sentence, checked

GIVEN = {
    1: "The moon pulls on the ocean and raises two bulges, one on each side of the Earth.",
    2: "Spring tides don't come in spring only: „Springfluten“ kommen bei Neumond. 潮は月の引力で起こる。",
}


@pytest.mark.parametrize(
    ("said", "shown", "numbers"),
    [
        ("The moon pulls [1].", "The moon pulls [1].", (1,)),
        ("Both say so [1, 2].", "Both say so [1][2].", (1, 2)),
        ("Both say so 【2】【1†source】.", "Both say so [2][1].", (2, 1)),
        ("One of these is known [7][1; 9].", "One of these is known [1].", (1,)),
        ('It “Raises two BULGES” [1].', "It “Raises two BULGES” [1].", (1,)),
        ('It "raises … on each side" [1].', 'It "raises … on each side" [1].', (1,)),
        ("They “don’t come in spring” [2].", "They “don’t come in spring” [2].", (2,)),
        ("Es sind „Springfluten“ [2].", "Es sind „Springfluten“ [2].", (2,)),
        ("「月の引力」で起こる [2]。", "「月の引力」で起こる [2]。", (2,)),
        ("- **Bold** words [1]", "• Bold words [1]", (1,)),
        ("Someone [laughs] there [1].", "Someone [laughs] there [1].", (1,)),
    ],
)  # fmt: skip
def test_a_sentence_is_shown_with_the_numbers_that_are_known(said, shown, numbers):
    assert checked(said, GIVEN) == Sentence(shown, numbers)


@pytest.mark.parametrize(
    "said",
    [
        "The moon pulls.", "The moon pulls [3].", "[1]", "[1] [2].", "NO ANSWER", "Here is what it says:",
        'It "raises three bulges" [1].', 'It "raises two bulges" [2].', 'It "raises two bulges [1].',
        'It "each side … two bulges" [1].', 'The "oon pulls" [1].',
        "See https://evil.test/x [1].", "See www.evil.test [1].", "![x](/y) [1]", "[text](/admin/) [1]",
        "Write to a@evil.test [1].", "<img src=x> [1]", "<b>bold</b> [1]", "[1]: //evil.test",
        "Open evil.test/login [1].",
        "javascript:alert(1) [1]", "data:text/html,x [1]", "Look at //evil.test/x [1].",
    ],
)  # fmt: skip
def test_a_sentence_is_dropped(said):
    assert checked(said, GIVEN) is None
