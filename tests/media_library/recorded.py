"""A host that plays exchanges, and an organization that has given it credentials."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from core.secrets import seal
from media_library.models import SourceAccount
from media_library.sources import SOURCES
from tests.sources.recording import options_at
from tests.sources.stand_in import StandIn


@pytest.fixture(scope="module")
def one_stand_in() -> Iterator[StandIn]:
    host = StandIn()
    yield host
    host.close()


@pytest.fixture
def stand_in(one_stand_in: StandIn, settings: Any) -> StandIn:
    """All hosts are there."""
    one_stand_in.play([])
    settings.SOURCES = {name: options_at(source, one_stand_in.origin) for name, source in SOURCES.items()}
    return one_stand_in


def account_at(source: str, **credentials: str) -> SourceAccount:
    """In the organization in scope."""
    return SourceAccount.objects.create(source=source, sealed=seal(json.dumps(credentials)))
