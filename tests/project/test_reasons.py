"""Whoever works past the walls is listed here with the reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.project.test_house import sources

WORK_PAST_THE_WALLS = {"every_organization", "owner_role"}


KNOWN = [
    ("accounts/services/erasure.py", "every_organization", "a person is erased wherever they have been"),
    (
        "accounts/services/exports.py",
        "every_organization",
        "somebody's data spans all organizations they are or were in",
    ),
    (
        "analytics/admin/alerts.py",
        "every_organization",
        "superusers look at the whole installation, wherever they are working",
    ),
    (
        "analytics/management/commands/check_alerts.py",
        "every_organization",
        "the operator looks at the alerts of all",
    ),
    ("analytics/partitions.py", "owner_role", "a partition is a table"),
    ("analytics/partitions.py", "owner_role", "a partition is a table"),
    ("analytics/services/alerts.py", "every_organization", "rules of the site are about the whole installation"),
    ("analytics/views/operation.py", "every_organization", "metrics are about the whole installation"),
    ("config/doctor.py", "every_organization", "one key seals those of all"),
    (
        "core/admin/platform.py",
        "every_organization",
        "superusers look at the whole installation, wherever they are working",
    ),
    (
        "core/admin/platform.py",
        "every_organization",
        "superusers look at the whole installation, wherever they are working",
    ),
    ("core/database/policies.py", "owner_role", "roles, grants and policies belong to the owner of the tables"),
    ("core/jobs/changes.py", "every_organization", "platform jobs serve the whole installation"),
    ("core/management/commands/createcachetable.py", "owner_role", "it makes a table"),
    ("core/management/commands/flush.py", "owner_role", "it truncates tables, those of other people too"),
    (
        "core/management/commands/makemigrations.py",
        "owner_role",
        "which migrations were applied is known to the owner",
    ),
    ("core/management/commands/migrate.py", "owner_role", "migrations change tables"),
    (
        "knowledge/management/commands/label_media.py",
        "every_organization",
        "the operator labels the whole installation",
    ),
    (
        "knowledge/management/commands/reindex.py",
        "every_organization",
        "the operator re-indexes the whole installation",
    ),
    (
        "knowledge/services/search_model_status.py",
        "every_organization",
        "one model serves the whole installation",
    ),
    ("knowledge/vector_index.py", "owner_role", "an index belongs to the owner of its table"),
    ("knowledge/vector_index.py", "owner_role", "an index belongs to the owner of its table"),
    (
        "media_library/management/commands/clean_storage.py",
        "every_organization",
        "what lies on this machine belongs to uploads and jobs of anybody",
    ),
]


def callers() -> Iterator[tuple[str, str, str]]:
    """File, what it calls, and the reason it gives."""
    for path in sources():
        for node in ast.walk(ast.parse((Path(settings.BASE_DIR) / path).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WORK_PAST_THE_WALLS:
                reasons = [ast.literal_eval(one.value) for one in node.keywords if one.arg == "reason"]
                yield str(path), getattr(node.func, "id", ""), *reasons


def test_everyone_who_works_past_the_walls_is_known():
    assert sorted(callers()) == KNOWN
