"""An answer as server-sent events, each one JSON: `begun`, `sentence`, `end`, `problem`."""

import json
import logging
from collections.abc import Callable, Generator, Iterator
from time import monotonic
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from accounts.models import Organization
from core.database.waiting import release_connection
from core.tenancy import scoped_stream
from knowledge.asking.answering import Told
from knowledge.asking.shown import Places, places_of, sentence_html, shown_citations
from knowledge.models import Answer

CONTENT_TYPE = "text/event-stream"

logger = logging.getLogger(__name__)


def event_stream(
    told: Generator[Told, None, None], *, user: Any, organization: Organization,
    finished: Callable[[Answer], dict[str, Any]], here: UUID | None = None,
) -> StreamingHttpResponse:  # fmt: skip
    """The response; what is refused before the answer begins is raised here, as for any other door.

    It holds its thread of the web process until the answer is whole or the person leaves (`limits`), but no connection
    to the database while it waits for the model, and none afterwards.
    """
    begun = next(told)
    events = _events(begun, told, user=user, organization=organization, finished=finished, here=here)
    next(events)  # from here on, closing it closes the answer
    response = StreamingHttpResponse(scoped_stream(events), content_type=CONTENT_TYPE)
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that waits for more would hold the sentences back
    return response


def _events(
    begun: Told, told: Generator[Told, None, None], *, user: Any, organization: Organization,
    finished: Callable[[Answer], dict[str, Any]], here: UUID | None,
) -> Iterator[bytes]:  # fmt: skip
    places: Places = {}
    began = monotonic()
    try:
        yield b""
        if isinstance(begun, Answer):
            yield _event("begun", answer=str(begun.pk), conversation=str(begun.conversation_id))
        for one in told:
            if isinstance(one, Answer):
                yield _event("end", **finished(one))
            elif isinstance(one, list):
                places = places_of(one, user=user, organization=organization)
            elif one is None:
                yield b": still there\n\n"
            else:
                sentence, citations = one
                shown = {cited.number: cited for cited in shown_citations(citations, places, here=here).values()}
                text = sentence.text + ("\n" if sentence.ends_line else " ")
                yield _event("sentence", html=sentence_html(text, shown), text=text)
    except Exception:
        logger.exception("An answer broke off.")
        yield _event("problem", message=_("The answer could not be completed. Please try again."))
    finally:
        told.close()
        release_connection(waiting_since=began)


def _event(name: str, **data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
