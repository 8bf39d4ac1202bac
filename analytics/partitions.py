"""The event table is partitioned by month on its UUIDv7 key: a range of keys is a range of time."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.operations import CreateModel

from core.identifiers import first_of
from core.scope import owner_role

MONTHS_AHEAD = 3
MONTHS_BEHIND = 13  # at installation: history may be imported

EXISTING = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'analytics_event'::regclass"


class CreatePartitionedModel(CreateModel):
    """CreateModel for a table `PARTITION BY RANGE (id)`."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            statement, parameters = schema_editor.table_sql(model)
            schema_editor.execute(f"{statement} PARTITION BY RANGE (id)", parameters or None)
            schema_editor.deferred_sql.extend(schema_editor._model_indexes_sql(model))


def shifted(month: datetime, months: int) -> datetime:
    """The first moment of the month so many months away, UTC."""
    count = month.year * 12 + month.month - 1 + months
    return datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC)


def ensure_partitions(*, behind: int = 0, ahead: int = MONTHS_AHEAD) -> None:
    """Make the partitions from `behind` months ago to `ahead` months from now that do not exist yet."""
    this_month = shifted(datetime.now(UTC), 0)
    for offset in range(-behind, ahead + 1):
        _ensure_month(shifted(this_month, offset))


def months_taken() -> int:
    """How many months back that one lies in which the oldest event may have happened that is taken today."""
    now = datetime.now(UTC)
    oldest = now - timedelta(days=settings.EVENT_LATE_DAYS)
    return (now.year - oldest.year) * 12 + now.month - oldest.month


def existing_months() -> list[datetime]:
    """The first moments of the months that have a partition, in order."""
    with connection.cursor() as cursor:
        cursor.execute(EXISTING)
        return sorted(datetime.strptime(f"{name[-7:]} +0000", "%Y_%m %z") for (name,) in cursor.fetchall())


def drop_partition(month: datetime) -> None:
    """Its events are gone. Within a transaction; whoever reads the table now is waited for, but not for long.

    Raises OperationalError after three seconds.
    """
    with owner_role(reason="a partition is a table"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        cursor.execute(f"DROP TABLE {_name(month)}")
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")


def _name(month: datetime) -> str:
    return f"analytics_event_{month:%Y_%m}"


def _ensure_month(month: datetime) -> None:
    borders = (str(first_of(month)), str(first_of(shifted(month, 1))))
    with owner_role(reason="a partition is a table"), connection.cursor() as cursor:
        # Parameters are refused in DDL; name and borders are made of numbers only.
        statement = "CREATE TABLE IF NOT EXISTS {} PARTITION OF analytics_event FOR VALUES FROM ('{}') TO ('{}')"
        cursor.execute(statement.format(_name(month), *borders))
