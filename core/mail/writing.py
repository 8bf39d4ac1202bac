"""Writing a mail: what it says, in whose name, to whom."""

import json
from email.utils import make_msgid, parseaddr
from typing import Any

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.translation import gettext as _

from core.jobs import enqueue
from core.lines import one_line
from core.models import OutgoingMail
from core.secrets import seal
from core.tenancy import organization_scope

LECTERN = "Lectern"
ACCENT = "#0b6b61"  # that of static/css/tokens.css
LONGEST_NAME = 90  # characters of a sender's name, so that mailboxes show whose mail it is
LONGEST_SUBJECT = 250


def send_mail(
    kind: str, *, to: str, context: dict[str, Any], organization: Any = None, leave_no_trace: bool = False
) -> OutgoingMail:
    """Put a mail into the outbox, in the caller's transaction; a job sends it.

    `kind` names its templates: `<kind>.subject.txt`, `<kind>.txt` and `<kind>.html`. They get the context and
    `organization`, `organization_name` (in one line), `sender_name`, `accent`. Only the HTML one is escaped. An
    organization's mail carries its name; one about an account belongs to none. `leave_no_trace` removes the row, and
    with it the address, once it is sent or given up. Raises ValidationError for what is no address,
    TemplateDoesNotExist.
    """
    validate_email(to)
    organization_name = one_line(getattr(organization, "name", ""))
    name = organization_name[:LONGEST_NAME]
    values = {
        "organization": organization,
        "organization_name": organization_name,
        "sender_name": name or LECTERN,
        "accent": accent_of(organization),
    }
    content = _render(kind, {**context, **values})
    with organization_scope(organization), transaction.atomic():
        mail = OutgoingMail.objects.create(
            organization=organization,
            kind=kind,
            recipient=to,
            sender_name=_("%(organization)s via Lectern") % {"organization": name} if name else LECTERN,
            subject=content.pop("subject"),
            sealed_content=seal(json.dumps(content)),
            message_id=make_msgid(domain=_own_domain()),
        )
        payload = {"leave_no_trace": leave_no_trace}
        enqueue("deliver_mail", mail.pk, key=f"deliver_mail:{mail.pk}", payload=payload)
    return mail


def accent_of(organization: Any) -> str:
    return getattr(organization, "accent_color", "") or ACCENT


def _render(kind: str, values: dict[str, Any]) -> dict[str, str]:
    return {
        "subject": one_line(_plain(f"{kind}.subject.txt", values))[:LONGEST_SUBJECT],
        "text": _plain(f"{kind}.txt", values).strip() + "\n",
        "html": render_to_string(f"{kind}.html", values).strip() + "\n",
    }


def _plain(template: str, values: dict[str, Any]) -> str:
    """Nothing is escaped: this is read as it stands."""
    compiled: Any = get_template(template)
    return str(compiled.template.render(Context(values, autoescape=False)))


def _own_domain() -> str:
    return own_address().rpartition("@")[2] or "localhost"


def own_address() -> str:
    """The address that every mail comes from, without a name."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
