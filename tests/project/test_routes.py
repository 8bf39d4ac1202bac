"""Every address is in the register of `tests.walls.register`, and the register names no address that is gone."""

from tests.walls.register import MODELS, existing, models_in_the_back_office, registered


def test_every_address_says_for_whom_it_is():
    assert existing() - registered() == set()


def test_every_registered_address_exists():
    assert registered() - existing() == set()


def test_every_model_of_the_back_office_says_for_whom_it_is():
    assert models_in_the_back_office() == set(MODELS)
