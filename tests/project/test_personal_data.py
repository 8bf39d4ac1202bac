"""Nothing about people is forgotten: every column that points to a person or holds an address is thought about."""

import re

from django.apps import apps
from django.db import models

from accounts.models import User
from core.holdings import Holding, all_holdings, covered_columns

#: What columns about people are called where their type does not give them away.
TELLING = re.compile(r"(^|_)(email|ip|ip_address|user_agent|phone|pseudonym|learner|actor|actor_id)$")


def personal_columns():
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.swapped:
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                if is_personal(field):
                    yield f"{model._meta.label}.{field.name}"


def is_personal(field):
    by_type = isinstance(field, models.EmailField | models.GenericIPAddressField)
    return by_type or field.related_model is User or bool(TELLING.search(field.name))


def existing_columns():
    for model in apps.get_models(include_auto_created=True):
        yield from (f"{model._meta.label}.{field.name}" for field in model._meta.get_fields())


def test_every_personal_column_is_given_out_and_erased():
    assert set(personal_columns()) - covered_columns() == set()


def test_every_column_that_is_named_exists():
    assert covered_columns() - set(existing_columns()) == set()


def test_every_place_does_both_and_says_so():
    silent = [
        place.name
        for place in all_holdings()
        if not {"about", "fate", "columns"} <= vars(type(place)).keys() or not gives_out(place) or not erases(place)
    ]

    assert silent == []


def gives_out(place):
    own = vars(type(place)).keys()
    return "export" in own or {"exported", "rows"} <= own


def erases(place):
    return type(place).erase is not Holding.erase
