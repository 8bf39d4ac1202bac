"""The `openai` package, loaded when something of it is first used: that takes a second, at every start of a worker.

And `httpx2`, by which it speaks.
"""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx2
    import openai


def _lazily(name: str) -> ModuleType:
    """The recipe of importlib's documentation. What is loaded already stays as it is."""
    if name in sys.modules:
        return sys.modules[name]
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    spec.loader = LazyLoader(spec.loader)
    module = sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if not TYPE_CHECKING:
    httpx2 = _lazily("httpx2")
    openai = _lazily("openai")

__all__ = ["httpx2", "openai"]
