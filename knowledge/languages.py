"""Which text-search configuration of PostgreSQL reads a language."""

#: ISO 639-1: the snowball configuration that comes with PostgreSQL 18.
CONFIGURATIONS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
ANY_LANGUAGE = "simple"  # whole words, no stems


def text_search_configuration(language: str) -> str:
    """The configuration for a language tag such as `en` or `pt-BR`; `simple` for every language without stems here."""
    return CONFIGURATIONS.get(language.replace("_", "-").split("-")[0].lower(), ANY_LANGUAGE)
