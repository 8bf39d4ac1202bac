"""One stand-in host for all recordings of a process."""

from collections.abc import Iterator

import pytest

from tests.sources.stand_in import StandIn


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    host = StandIn()
    yield host
    host.close()
