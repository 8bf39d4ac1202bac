"""The way to OpenAI, or to any server that speaks its API."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from core.ai.errors import AiError, error_from_openai
from core.ai.library import httpx2, openai

OPENAI_BASE_URL = "https://api.openai.com/v1"
CONNECT_SECONDS = 5.0
_UNUSED_KEY = "unused"  # the client insists on a key, a local server does not


def host_at(base_url: str | None) -> str:
    """The name of the server; OpenAI's where no address is given."""
    return urlsplit(base_url or OPENAI_BASE_URL).hostname or ""


@cache
def _trusted() -> ssl.SSLContext:
    """Reading the certificates of this machine's authorities takes longer than many a question: once a process."""
    return httpx2.create_ssl_context()


@contextmanager
def client_at(base_url: str | None, api_key: str, *, timeout: float) -> "Iterator[openai.OpenAI]":
    """A client that never retries, since jobs do; `timeout` is the longest silence in seconds.

    What goes wrong inside is raised as AiError.
    """
    try:
        # The address is always given: the client would else read one from the environment.
        with openai.OpenAI(
            api_key=api_key or _UNUSED_KEY,
            base_url=base_url or OPENAI_BASE_URL,
            timeout=openai.Timeout(timeout, connect=CONNECT_SECONDS),
            max_retries=0,
            http_client=openai.DefaultHttpx2Client(verify=_trusted()),
        ) as client:
            yield client
    except openai.OpenAIError as error:
        raise error_from_openai(error) from error
    except UnicodeEncodeError as error:
        raise AiError("auth_invalid", "It may hold only plain letters, digits and signs.") from error
