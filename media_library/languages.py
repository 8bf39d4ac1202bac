"""Languages as files name them (ISO 639-2, both spellings) and as pages do (BCP 47)."""

from django.utils.translation import get_language_info

DEFAULT = "en"
UNKNOWN = ("", "und", "mul", "zxx", "mis")

SHORT = {
    "ara": "ar", "bul": "bg", "cat": "ca", "ces": "cs", "chi": "zh", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl",
    "ell": "el", "eng": "en", "est": "et", "eus": "eu", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gle": "ga",
    "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "hye": "hy", "ind": "id", "ita": "it", "jpn": "ja",
    "kor": "ko", "lav": "lv", "lit": "lt", "nep": "ne", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt", "ron": "ro",
    "rum": "ro", "rus": "ru", "slk": "sk", "slo": "sk", "slv": "sl", "spa": "es", "srp": "sr", "swe": "sv", "tam": "ta",
    "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi", "yid": "yi", "zho": "zh",
}  # fmt: skip


def language_tag(code: str) -> str:
    """The tag of a track's language; English where the file does not say."""
    code = code.strip().lower()
    return DEFAULT if code in UNKNOWN else SHORT.get(code, code)


def language_name(tag: str) -> str:
    """What the language calls itself, such as `Deutsch`; the tag where nobody knows."""
    try:
        return str(get_language_info(tag)["name_local"]).capitalize()
    except KeyError:
        return tag
