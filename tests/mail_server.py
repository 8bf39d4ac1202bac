"""A real mail server on loopback, which takes, refuses or delays as it is told."""

import email
import email.policy
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """What arrived, and what the server answers to a recipient (`on_recipient`) and to a content (`on_content`)."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.tries = 0
        self.on_recipient = self.on_content = "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.tries += 1
        if self.on_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.on_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.on_content.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.on_content


class OnAnyPort(Controller):
    """Asks the system for a port that is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(mailbox: Mailbox) -> Iterator[int]:
    """Runs within; answers its port."""
    controller = OnAnyPort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
