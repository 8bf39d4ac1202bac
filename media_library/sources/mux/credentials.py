"""What an organization may give so that more works with Mux, and whether it does."""

from django.utils.translation import gettext_lazy as _

from media_library.sources.errors import SourceError
from media_library.sources.mux.assets import called, has_token
from media_library.sources.mux.signing import NoKey, private_key
from media_library.sources.protocol import Access, Check, Credential

CREDENTIALS = (
    Credential(
        "token_id", _("Access token ID"), is_secret=False,
        help=_("Settings → Access Tokens of the environment; with read access to Mux Video, write for speech."),
    ),
    Credential("token_secret", _("Access token secret"), help=_("Shown once, together with its ID.")),
    Credential(
        "signing_key_id", _("Signing key ID"), is_secret=False,
        help=_("Settings → Signing Keys. Needed for videos whose playback policy is signed."),
    ),
    Credential(
        "signing_private_key", _("Signing private key"), is_long=True,
        help=_("As Mux shows it once: one long line in base64."),
    ),
    Credential("webhook_secret", _("Webhook signing secret"), help=_("Settings → Webhooks, of our address there.")),
)  # fmt: skip


def token_works(access: Access) -> Check:
    what = _("Reads titles, lengths and captions")
    if not has_token(access):
        return Check(what, None, _("There is no access token: only public videos work, without their titles."))
    try:
        called(access, "GET", "/video/v1/assets", params={"limit": "1"})
    except SourceError as error:
        if error.code != "auth_invalid":
            raise
        return Check(what, works=False, words=_("Mux refused the access token."))
    return Check(what, works=True)


def key_works(access: Access) -> Check:
    """Whether tokens can be made with it; that it is of the same environment only a player finds out."""
    what = _("Plays videos whose policy is signed")
    name, key = (access.credentials.get(one, "") for one in ("signing_key_id", "signing_private_key"))
    if not name and not key:
        return Check(what, None, _("There is no signing key: only public videos play."))
    try:
        private_key(key)
    except NoKey:
        return Check(what, works=False, words=_("The private key cannot be read."))
    return Check(what, works=bool(name), words="" if name else _("The ID of the signing key is missing."))


def secret_is_set(access: Access) -> Check:
    what = _("Hears at once when something changes")
    if access.credentials.get("webhook_secret"):
        return Check(what, works=True, words=_("Messages that carry its signature are believed."))
    return Check(what, None, _("There is no webhook secret: captions that come later are not noticed by themselves."))
