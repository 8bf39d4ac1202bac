"""Recordings of hosts, and how an adapter is asked for what they hold.

`recordings/<host>/<scenario>.json` holds `about`, `verb`, `exchanges` (see stand_in.py) and either `expect`, a subset
of the answer, or `error` {"code", "delay"}. Beside them what is asked for: `reference`, `collection`, `credentials`,
`options`, `languages`, `facts`. All addresses among the options lead to the stand-in, with the path of their default.

The recording `<verb>.json` is the good one, whose exchanges are played with faults; `"good": true` makes another one
of the same verb a good one too. An exchange may say `"faults":
{"garbage": "captions_absent"}` where a fault means something else there than everywhere, and `"optional": true` where
the verb may do without its answer.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from core.fetch import Fetcher
from media_library.sources import SOURCES, Access, Check, Collection, HostCaptions, Reference, Source
from tests.sources.stand_in import with_origin

FOLDER = Path(__file__).parent / "recordings"
VERBS = ("describe", "captions", "items", "check", "playback_url", "file", "audio")
NAMES = {"about", "verb", "exchanges", "expect", "error", "reference", "collection", "credentials", "options",
         "languages", "facts", "good"}  # fmt: skip


@dataclass(frozen=True)
class Recording:
    path: Path

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def source(self) -> Source:
        return SOURCES[self.path.parent.name]

    @cached_property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.path.read_text())
        assert set(told) <= NAMES, set(told) - NAMES
        assert ("expect" in told) != ("error" in told), "either expect or error"
        return told

    @property
    def is_good(self) -> bool:
        return self.path.stem in VERBS or self.told.get("good", False)

    def access(self, origin: str, *, seconds: float = 10.0) -> Access:
        options = options_at(self.source, origin) | with_origin(self.told.get("options", {}), origin)
        return Access(
            http=Fetcher(trusted=frozenset({origin}), seconds=seconds),
            options=options,
            credentials=self.told.get("credentials", {}),
            languages=self.told.get("languages", ["en"]),
            site="https://school.test",
        )

    def ask(self, access: Access, folder: Path) -> Any:
        """What the adapter gives, in the form that `expect` has."""
        return ASKING[self.told["verb"]](self.source, self.told, access, folder)


def recordings() -> list[Recording]:
    """All of them. `addresses.json` is none."""
    return [Recording(path) for path in sorted(FOLDER.glob("*/*.json")) if path.stem != "addresses"]


def options_at(source: Source, origin: str) -> dict[str, Any]:
    """The defaults of an adapter, with all addresses at this origin."""
    return {option.name: _moved(option.default, origin) for option in source.options}


def _moved(value: Any, origin: str) -> Any:
    if not (isinstance(value, str) and "://" in value):
        return value
    _, _, path = value.partition("://")[2].partition("/")
    return f"{origin}/{path}" if path else origin


def is_subset(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, dict) and isinstance(given, dict):
        return all(name in given and is_subset(value, given[name]) for name, value in wanted.items())
    return bool(wanted == given)


def plain(value: Any) -> dict[str, Any]:
    """The fields of a dataclass as JSON has them."""
    return {name: _plain(one) for name, one in vars(value).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _reference(source: Source, told: dict[str, Any]) -> Reference:
    return Reference(source.name, **told["reference"])


def _describe(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    return plain(source.describe(_reference(source, told), access))


def _captions(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    found: HostCaptions = source.captions(_reference(source, told), access)
    cues = [[cue.start, cue.end, cue.text, cue.speaker] for cue in found.cues]
    return {"language": found.language, "is_generated": found.is_generated, "cues": cues}


def _items(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    return [one.key for one in source.items(Collection(source.name, **told["collection"]), access)]


def _check(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    found: Iterable[Check] = source.check(access)
    return [one.works for one in found]


def _playback_url(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    url, seconds = source.playback_url(_reference(source, told), access, facts=told.get("facts", {}))
    return {"url": url, "seconds": seconds}


def _file(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    found = source.file(_reference(source, told), access)
    return {"url": found.url, "filename": found.filename, "size": found.size}


def _audio(source: Source, told: dict[str, Any], access: Access, folder: Path) -> Any:
    """`{"suffix", "bytes"}` of the file; null where there is none."""
    path = source.audio(
        _reference(source, told), access, folder, facts=told.get("facts", {}), should_stop=lambda: False
    )
    return path and {"suffix": path.suffix, "bytes": path.stat().st_size}


ASKING: dict[str, Callable[[Source, dict[str, Any], Access, Path], Any]] = {
    "describe": _describe, "captions": _captions, "items": _items, "check": _check, "playback_url": _playback_url,
    "file": _file, "audio": _audio,
}  # fmt: skip
