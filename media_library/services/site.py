"""What holds for the whole installation, and who changed it when (requirement M7)."""

from typing import Any

from django.db import transaction

from core.announcements import announce
from media_library.models import SiteConfiguration, SiteConfigurationChange


def site_configuration() -> SiteConfiguration:
    """The one row, made when it is missing. One statement, as a rule."""
    return SiteConfiguration.objects.first() or SiteConfiguration.objects.get_or_create(is_the_one=True)[0]


@transaction.atomic
def change_site_configuration(*, by: Any, **fields: Any) -> SiteConfiguration:
    """Set what is given, leave the rest; what changed is written down with both values.

    Raises ValidationError for values that cannot be, TypeError for fields that are not settings of the site.
    """
    site = SiteConfiguration.objects.select_for_update().get(pk=site_configuration().pk)
    if unknown := fields.keys() - _settings():
        raise TypeError(f"The site has no setting {', '.join(sorted(unknown))}.")
    before = {name: getattr(site, name) for name in fields}
    for name, value in fields.items():
        setattr(site, name, value)
    site.full_clean()
    changed = [name for name in fields if getattr(site, name) != before[name]]
    SiteConfigurationChange.objects.bulk_create(
        SiteConfigurationChange(by=by, field=name, before=_text(before[name]), after=_text(getattr(site, name)))
        for name in changed
    )
    site.save(update_fields=[*changed, "updated_at"])
    announce("site_configured", site, fields=frozenset(changed))
    return site


def _settings() -> set[str]:
    """Names of the fields that people change."""
    return {field.name for field in SiteConfiguration._meta.concrete_fields} - {"id", "is_the_one", "updated_at"}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)
