"""What the API says of itself: the same to everybody, so it is put together once a language and process."""

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView

MOST_LANGUAGES = 8  # whoever asks may name any


class KeptSchema(SchemaGenerator):
    def get_schema(self, request: Any = None, public: bool = False) -> Any:
        return _made(get_language())


class SchemaView(SpectacularAPIView):
    generator_class = KeptSchema


@lru_cache(maxsize=MOST_LANGUAGES)
def _made(language: str | None) -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)
