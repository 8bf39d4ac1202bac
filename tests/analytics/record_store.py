"""A learning record store on loopback that does what the specification asks of one: real HTTP, statements by id."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID

KEY, SECRET = "harbor", "keep me"
PARTS = {"id", "version", "actor", "verb", "object", "context", "result", "timestamp"}
VERBS = {f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("initialized", "terminated", "completed")}


class SmallStore:
    """`statements` by id; `posts` counts how many came in each request; `answers` are given first, in order."""

    def __init__(self) -> None:
        self.statements: dict[str, dict[str, Any]] = {}
        self.posts: list[int] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.refused: set[str] = set()  # actors' names
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.server.store = self  # type: ignore[attr-defined]
        self.origin = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def take(self, path: str, headers: Any, body: bytes) -> tuple[int, dict[str, str], Any]:
        if self.answers:
            status, own = self.answers.pop(0)
            return status, own, {"error": "as told"}
        if headers["Authorization"] != "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode():
            return 401, {}, {"error": "who are you"}
        if path != "/xapi/statements":
            return 404, {}, {}
        if headers["X-Experience-API-Version"] != "1.0.3" or headers["Content-Type"] != "application/json":
            return 400, {}, {"error": "not xAPI 1.0.3"}
        return self._keep(json.loads(body))

    def _keep(self, statements: list[dict[str, Any]]) -> tuple[int, dict[str, str], Any]:
        """All of them or none."""
        self.posts.append(len(statements))
        if wrong := [one for one in statements if what_is_wrong(one) or name_of(one) in self.refused]:
            return 400, {}, {"error": f"statement {wrong[0]['id']} is not valid"}
        if any(self.statements.get(one["id"], one) != one for one in statements):
            return 409, {}, {"error": "another statement has this id"}
        self.statements |= {one["id"]: one for one in statements}
        return 200, {}, [one["id"] for one in statements]


def name_of(statement: dict[str, Any]) -> str:
    return statement["actor"].get("account", {}).get("name", statement["actor"].get("mbox"))


def what_is_wrong(statement: dict[str, Any]) -> str:
    """By the specification, and by the templates of the video profile."""
    context, result = statement["context"]["extensions"], statement.get("result", {}).get("extensions", {})
    short = {name.rpartition("/")[2] for name in (*context, *result)}
    needed = {"session-id", "length"} | ({"time", "progress", "played-segments"} if result else set())
    checks = {
        "an unknown part": statement.keys() <= PARTS,
        "no UUID": str(UUID(statement["id"])) == statement["id"],
        "the verb": statement["verb"]["id"] in VERBS,
        "the category": statement["context"]["contextActivities"]["category"][0]["id"] == "https://w3id.org/xapi/video",
        "an extension missing": needed <= short,
        "the progress": 0 <= result.get("https://w3id.org/xapi/video/extensions/progress", 0) <= 1,
        "no result": bool(result) != statement["verb"]["id"].endswith("initialized"),
    }
    return ", ".join(what for what, holds in checks.items() if not holds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, answer = self.server.store.take(self.path, self.headers, body)  # type: ignore[attr-defined]
        content = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        """Nothing is written down."""
