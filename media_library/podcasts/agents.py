"""What a user agent says: which app it is, and whether a person listens. Pure."""

import re

#: Words in the user agents of programs that fetch for nobody in particular (opawg/user-agents-v2, the common ones).
#: Whole words: a radio is Scandinavian, and a Cubot is a phone.
BOT = re.compile(
    r"(?i)(?<!cu)bots?\b|crawl(?:er|ing)?\b|spider\b|validator\b|bingpreview\b|monitoring\b"
    r"|\b(?:slurp|facebookexternalhit|podcastindex|feedfetcher|headlesschrome|python-requests|python-urllib)\b"
    r"|\b(?:go-http-client|libwww|okhttp-healthcheck)\b|\b(?:curl|wget|java)/"
)
#: Browsers say many names; the first of these that one says is its own.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
PRODUCT = re.compile(r"[^/(;,]+")
LONGEST = 40
UNKNOWN = "unknown"


def is_bot(user_agent: str) -> bool:
    """Whoever says nothing about themselves is none: some players do not."""
    return bool(BOT.search(user_agent))


def app_of(user_agent: str) -> str:
    """The app's name without its version and the device: `Overcast`, `AppleCoreMedia`, `Firefox`."""
    if user_agent.startswith("Mozilla/"):
        return next((name for word, name in BROWSERS.items() if f"{word}/" in user_agent), UNKNOWN)
    name = PRODUCT.match(user_agent)
    printable = "".join(one for one in name.group(0) if one.isprintable()).strip() if name else ""
    return printable[:LONGEST] or UNKNOWN
