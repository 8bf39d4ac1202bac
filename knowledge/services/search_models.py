"""Which model search asks: one at a time, for the whole installation, so that vectors of two are never compared."""

from django.db import transaction
from django.db.models.functions import Now

from knowledge.models import SearchModel, SearchModelState


def model_in(state: SearchModelState) -> str | None:
    """The name of the model that is live, or being built; None where none is."""
    return SearchModel.objects.filter(state=state).values_list("name", flat=True).first()


def make_live_where_none_is(name: str) -> str:
    """A new installation takes the configured model at once. Answers the live one: of two at once the first."""
    if live := model_in(SearchModelState.LIVE):
        return live
    SearchModel.objects.bulk_create([SearchModel(name=name, state=SearchModelState.LIVE)], ignore_conflicts=True)
    return model_in(SearchModelState.LIVE) or name


def begin_building(name: str) -> None:
    """From now on what is new is embedded for this one too. Another one that was being built is given up."""
    with transaction.atomic():
        _retire(SearchModelState.BUILDING, but=name)
        draft = SearchModel(name=name, state=SearchModelState.BUILDING)
        SearchModel.objects.bulk_create([draft], ignore_conflicts=True)
        retired = SearchModel.objects.filter(name=name, state=SearchModelState.RETIRED)
        retired.update(state=SearchModelState.BUILDING, since=Now())


def flip_to(name: str) -> None:
    """Search asks this one from now on, in one transaction. Raises SearchModel.DoesNotExist where it was not built."""
    with transaction.atomic():
        built = SearchModel.objects.select_for_update().get(name=name, state=SearchModelState.BUILDING)
        _retire(SearchModelState.LIVE)
        SearchModel.objects.filter(pk=built.pk).update(state=SearchModelState.LIVE, since=Now())


def give_up_building() -> None:
    """Nothing is embedded any more for the model that was being built; its set goes like any that is retired."""
    with transaction.atomic():
        _retire(SearchModelState.BUILDING)


def _retire(state: SearchModelState, *, but: str = "") -> None:
    rows = SearchModel.objects.filter(state=state).exclude(name=but)
    rows.update(state=SearchModelState.RETIRED, since=Now())
