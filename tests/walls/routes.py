"""The addresses there are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

#: `<uuid:media_id>` of a path, `(?P<key>…)` of a regular expression.
PART = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\[[^]]*\]|[^()])*\)")
API = "api/v1/"


@dataclass(frozen=True)
class Route:
    """An address with holes. `name` is what code calls it by; the pattern itself where nobody does."""

    name: str
    pattern: str
    view: Any

    @property
    def parts(self) -> list[str]:
        return [path or regex for path, regex in PART.findall(self.pattern)]

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith(API)

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("admin/")

    @property
    def methods(self) -> list[str]:
        """Those an API view answers. Pages do not say; they are tried with all."""
        view = self.view.view_class if hasattr(self.view, "view_class") else self.view.cls
        return [method for method in view().allowed_methods if method != "OPTIONS"]

    def fill(self, values: dict[str, str]) -> str:
        plain = re.sub(r"[\^$]", "", self.pattern)
        return "/" + PART.sub(lambda found: values[found.group(1) or found.group(2)], plain)


def routes(resolver: Any = None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for one in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield Route(f"{namespace}{one.name}" if one.name else pattern, pattern, one.callback)
        else:
            yield from routes(one, pattern, f"{namespace}{one.namespace}:" if one.namespace else namespace)
