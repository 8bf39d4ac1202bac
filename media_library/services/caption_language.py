"""In which language a caption file is: as somebody says, else its name, else itself, else the usual one."""

import re
from pathlib import PurePath

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.errors import Refused
from core.tenancy import current_organization_id
from media_library.captions import language_told
from media_library.languages import SHORT, UNKNOWN

TAG_CHARACTERS = 20
#: BCP 47: language, its extension, script, region, variants (RFC 5646, 2.1).
_TAG = re.compile(
    r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{3})?(?:[-_][A-Za-z]{4})?(?:[-_](?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:[-_](?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
)


def usual_language() -> str:
    """The first of those that the organization in scope prefers. One statement."""
    preferred = Organization.objects.values_list("caption_languages", flat=True).get(pk=current_organization_id())
    return preferred[0] if preferred else "en"


def language_of(text: str, *, filename: str = "", given: str = "") -> str:
    """The tag of a caption file's language. Raises Refused `invalid_language` for a `given` one that is no tag."""
    return checked_language(given) or _in_name(filename) or tag_of(language_told(text)) or usual_language()


def checked_language(given: str) -> str:
    """As a tag such as `de` or `pt-BR`; empty for none. Raises Refused `invalid_language`."""
    tag = tag_of(given)
    if given.strip() and not tag:
        words = _("“%(given)s” is no language tag. Write one such as de or pt-BR.") % {"given": given[:TAG_CHARACTERS]}
        raise Refused("invalid_language", words, fields={"language": [words]})
    return tag


def tag_of(name: str) -> str:
    """Empty for what is no tag, and for the tags that say that nobody knows."""
    name = name.strip()
    if not _TAG.fullmatch(name) or len(name) > TAG_CHARACTERS or name.lower() in UNKNOWN:
        return ""
    language, *rest = name.replace("_", "-").split("-")
    return "-".join([SHORT.get(language.lower(), language.lower()), *rest])


def _in_name(filename: str) -> str:
    """`talk.de.vtt` says it; what else may stand there, such as `talk.new.vtt`, does not."""
    tag = tag_of(PurePath(PurePath(filename).stem).suffix.removeprefix("."))
    return tag if tag.partition("-")[0] in {*LANG_INFO, *SHORT.values()} else ""
