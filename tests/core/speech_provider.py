"""What providers of speech recognition answer (research/contracts.md, section 1.3), played on loopback."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.core.embeddings_provider import as_json, refusal

PATH = "/v1/audio/transcriptions"

TEXT = {"text": "Hello class", "languages": [{"code": "en"}], "usage": {"type": "duration", "seconds": 4}}
TIMED = {
    "task": "transcribe", "language": "english", "duration": 3.1, "text": "Hello class",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 1.4, "text": " Hello class", "tokens": [50364, 2425],
         "temperature": 0.0, "avg_logprob": -0.21, "compression_ratio": 1.1, "no_speech_prob": 0.02}
    ],
    "words": [{"word": "Hello", "start": 0.0, "end": 0.4}],
    "usage": {"type": "duration", "seconds": 4},
}  # fmt: skip
SPEAKERS = {
    "task": "transcribe", "duration": 8.0, "text": "Hi. Hello.",
    "segments": [
        {"type": "transcript.text.segment", "id": "1", "start": 0.0, "end": 1.2, "text": "Hi.", "speaker": "A"},
        {"type": "transcript.text.segment", "id": "2", "start": 1.2, "end": 2.5, "text": "Hello.", "speaker": "B"},
    ],
    "usage": {"type": "tokens", "input_tokens": 80, "output_tokens": 9, "total_tokens": 89},
}  # fmt: skip
TOO_LARGE = as_json(
    {"error": {"message": "Maximum content size limit (26214400) exceeded", "type": "server_error", "code": None}}, 413
)
TOO_LONG = refusal(400, "invalid_value", "audio duration 1500.1 seconds is longer than 1400 seconds")
NO_QUOTA = refusal(429, "insufficient_quota", "You exceeded your current quota")
NO_TIMES = refusal(400, "unsupported_value", "response_format 'verbose_json' is not compatible with model 'm'")


def segment(start: float, end: float, text: str, **figures: object) -> dict[str, object]:
    return {"start": start, "end": end, "text": text, **figures}


def timed(*segments: dict[str, object], **changes: object) -> dict[str, object]:
    text = "".join(str(one["text"]) for one in segments)
    return {
        "task": "transcribe",
        "language": "english",
        "duration": 9.0,
        "text": text,
        "segments": [*segments],
    } | changes


@dataclass
class Speech:
    """A server that answers one request after the other; the last answer again and again."""

    answers: list[object]
    forms: list[dict[str, object]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    at_once: int = 0
    busiest: int = 0
    hold: Callable[[], object] = lambda: None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: Request) -> Response:
        with self._lock:
            self.forms.append(request.form.to_dict(flat=False))
            self.sizes.append(len(request.files["file"].read()))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.at_once += 1
            self.busiest = max(self.busiest, self.at_once)
        self.hold()
        with self._lock:
            self.at_once -= 1
        answer = answer(request) if callable(answer) and not isinstance(answer, Response) else answer
        return (
            Response(answer.get_data(), answer.status, answer.headers)
            if isinstance(answer, Response)
            else as_json(answer)
        )

    @property
    def requests(self) -> int:
        return len(self.forms)


def serve(httpserver: HTTPServer, *answers: object) -> Speech:
    speech = Speech(list(answers))
    httpserver.expect_request(PATH, method="POST").respond_with_handler(speech)
    return speech


def models(httpserver: HTTPServer, **dates: str | None) -> None:
    """`GET models`: names with `_` for `-` and `.`, and the day on which each is shut down."""
    data = [
        {"id": name.replace("_", "-"), "object": "model", "created": 1, "owned_by": "openai", "shutdown_date": day}
        for name, day in dates.items()
    ]
    httpserver.expect_request("/v1/models", method="GET").respond_with_data(
        json.dumps({"object": "list", "data": data}), content_type="application/json"
    )
