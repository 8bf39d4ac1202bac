"""Languages as models tell them: an English name (“english”), a code (“en”), or a list of codes."""

import re
from typing import Any

from django.conf.locale import LANG_INFO

_TAG = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})*")
_MOST_CHARACTERS = 20

#: Names that Whisper has for languages, beside those that Django knows.
_MORE = {
    "afrikaans": "af", "albanian": "sq", "amharic": "am", "armenian": "hy", "assamese": "as", "bashkir": "ba",
    "bengali": "bn", "breton": "br", "cantonese": "yue", "castilian": "es", "chinese": "zh", "faroese": "fo",
    "flemish": "nl", "gujarati": "gu", "haitian creole": "ht", "hausa": "ha", "hawaiian": "haw", "javanese": "jw",
    "khmer": "km", "lao": "lo", "latin": "la", "lingala": "ln", "luxembourgish": "lb", "malagasy": "mg", "malay": "ms",
    "maltese": "mt", "mandarin": "zh", "maori": "mi", "moldavian": "ro", "myanmar": "my", "norwegian": "no",
    "nynorsk": "nn", "occitan": "oc", "pashto": "ps", "pushto": "ps", "sanskrit": "sa", "shona": "sn", "sindhi": "sd",
    "sinhala": "si", "somali": "so", "sundanese": "su", "tagalog": "tl", "tibetan": "bo", "valencian": "ca",
    "yiddish": "yi", "yoruba": "yo",
}  # fmt: skip
_BY_NAME = {facts["name"].lower(): code for code, facts in LANG_INFO.items() if "name" in facts} | _MORE


def language_code(told: Any) -> str:
    """The tag of a language, such as `en` or `pt-br`; empty where nothing usable was told."""
    if not isinstance(told, str):
        return ""
    words = told.strip().lower()
    if words in _BY_NAME:
        return _BY_NAME[words]
    return words.replace("_", "-") if _TAG.fullmatch(words) and len(words) <= _MOST_CHARACTERS else ""


def first_language(told: Any) -> str:
    """Of a list such as `[{"code": "en"}]` or `["en"]`."""
    one = told[0] if isinstance(told, list) and told else ""
    return language_code(one.get("code") if isinstance(one, dict) else one)
