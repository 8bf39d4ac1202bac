from django.contrib.postgres.search import SearchVectorField
from django.db.models import Func


class Words(Func):
    """The words of a text as its language reads them, and those with accents without them too (migration 0004)."""

    function = "knowledge_words"
    arity = 2
    output_field = SearchVectorField()
