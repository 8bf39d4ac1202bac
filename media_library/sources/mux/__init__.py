"""Mux: assets of an organization's own environment with its token; whatever is public without one."""

from media_library.sources.mux.host import Mux

__all__ = ["Mux"]
