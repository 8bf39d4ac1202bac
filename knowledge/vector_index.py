"""The graph in which neighbors of one model are found: a partial HNSW index, made and removed beside running searches.

Raw SQL, because Django declares only indexes that are known when it is written. Outside of a transaction.
"""

import hashlib

from django.db import connection
from psycopg import sql

from core.scope import owner_role
from knowledge.models.passage import DEFAULT_MODEL

OF_DEFAULT_MODEL = "embedding_3_large_hnsw"  # stands in a migration
IS_USABLE = """
SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)"""
MAKE = """
CREATE INDEX CONCURRENTLY {name} ON knowledge_embedding
USING hnsw (vector halfvec_cosine_ops) WITH (m = 16, ef_construction = 64) WHERE model = {model}"""
REMOVE = "DROP INDEX CONCURRENTLY IF EXISTS {name}"


def index_name(model: str) -> str:
    """The same for the same model, and never longer than PostgreSQL allows."""
    if model == DEFAULT_MODEL:
        return OF_DEFAULT_MODEL
    return f"embedding_{hashlib.sha256(model.encode()).hexdigest()[:12]}_hnsw"


def make_index(model: str) -> bool:
    """Make the index of a model unless it stands; half a one, left by a process that died, is made anew.

    Searches and writers go on meanwhile. Answers whether there was anything to do.
    """
    name = index_name(model)
    with owner_role(reason="an index belongs to the owner of its table"), connection.cursor() as cursor:
        cursor.execute(IS_USABLE, [name])
        found = cursor.fetchone()
        if found == (True,):
            return False
        cursor.execute(sql.SQL(REMOVE).format(name=sql.Identifier(name)))
        cursor.execute(sql.SQL(MAKE).format(name=sql.Identifier(name), model=sql.Literal(model)))
    return True


def remove_index(model: str) -> None:
    """That of the default model stays: empty it costs nothing, and migrations know it."""
    if model == DEFAULT_MODEL:
        return
    with owner_role(reason="an index belongs to the owner of its table"), connection.cursor() as cursor:
        cursor.execute(sql.SQL(REMOVE).format(name=sql.Identifier(index_name(model))))
