"""What the API's description says beyond the shapes: which scope a token needs for each operation."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from accounts.api.views import OrganizationView
from accounts.scopes import in_words


class ScopedSchema(AutoSchema):
    """Adds a sentence to each description, and `x-token-scope` for programs."""

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular asks without arguments
        words: str = super().get_description() or ""
        scope = self._scope()
        return f"{words}\n\nScope of tokens: `{scope}`, {in_words(scope)}.".strip() if scope else words

    def get_extensions(self) -> dict[str, Any]:
        scope = self._scope()
        return {**super().get_extensions(), **({"x-token-scope": scope} if scope else {})}

    def _scope(self) -> str:
        return self.view.scope_needed(self.method) if isinstance(self.view, OrganizationView) else ""
