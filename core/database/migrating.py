"""Migrating an empty database takes a machine half a minute, nearly all of it Django drawing up models anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState


@contextmanager
def options_added_in_place() -> Iterator[None]:
    """A constraint or index is added to the model it belongs to, as it stands.

    Django draws up that model anew and with it all that are related to it, which is most of them: of a thousand
    operations these are a quarter, and half of the time. No related model looks at another one's constraints.
    """
    anew = ProjectState._append_option  # type: ignore[attr-defined]
    ProjectState._append_option = _append_option  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._append_option = anew  # type: ignore[attr-defined]


def _append_option(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    known = state.models[app_label, model_name].options
    known[option] = [*known[option], added]
    if "apps" in vars(state):  # as Django asks whether they are drawn up already
        meta = state.apps.get_model(app_label, model_name)._meta
        setattr(meta, option, [*getattr(meta, option), added.clone()])
