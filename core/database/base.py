"""The engine: Django's PostgreSQL backend, which tells each statement's role and organization to the server.

Both are settings of the connection. They are sent when they differ from what it got last, in front of the statement
that needs them, in the same message: no round trip is added. Needs connections of one's own: a pooler in front must
pool by session.
"""

import os
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import ClientCursor
from psycopg.pq import TransactionStatus

from core.scope import Session, wanted_session

SERVES = "LECTERN_SERVES"  # set by web and worker for themselves and their children: they never run unguarded
ROLES_EXIST = "SELECT count(*) = 2 FROM pg_roles WHERE rolname IN ('lectern_app', 'lectern_platform')"


class ScopedCursor(ClientCursor[Any]):
    """Puts the change of role or organization in front of the statement."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        changes = pending_changes(self.connection)
        if not changes:
            return self._tried(query, params, **options)
        if not isinstance(query, str) or self._connection.wanted.as_owner:
            self._tell(changes)  # what changes tables may refuse to share a message
            return self._tried(query, params, **options)
        self._tried(f"{changes};{query}", params, **options)
        self._connection.sent = self._connection.wanted
        while self.nextset():
            pass
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        self._tell(pending_changes(self.connection))
        super().executemany(query, params_seq, **options)

    def copy(self, *arguments: Any, **options: Any) -> Any:
        self._tell(pending_changes(self.connection))
        return super().copy(*arguments, **options)

    def stream(self, *arguments: Any, **options: Any) -> Any:
        self._tell(pending_changes(self.connection))
        return super().stream(*arguments, **options)

    @property
    def _connection(self) -> Any:
        """With what `DatabaseWrapper` noted on it."""
        return self.connection

    def _tell(self, changes: str) -> None:
        if changes:
            self._tried(changes)
            self._connection.sent = self._connection.wanted

    def _tried(self, query: Any, params: Any = None, **options: Any) -> Self:
        """A statement that fails takes the settings sent with it back."""
        try:
            return super().execute(query, params, **options)
        except BaseException:
            self._connection.sent = None
            raise


def pending_changes(connection: Any) -> str:
    """The statements that bring a connection in line with the running code; empty where it is already.

    In a failed transaction nothing but its end is accepted, and the end needs no scope.
    """
    if not connection.scoped:
        return ""
    connection.wanted = wanted = wanted_session()
    sent: Session | None = connection.sent
    if sent == wanted or connection.pgconn.transaction_status == TransactionStatus.INERROR:
        return ""
    changes = [f"SET app.organization = '{wanted.organization}'"]
    if connection.guarded and (sent is None or sent.role is not wanted.role):
        changes.append(f"SET ROLE {wanted.role.value}")
    return ";".join(changes)


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection, which knows what it told the server last (`sent`)."""

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "cursor_factory": ScopedCursor}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.sent = connection.wanted = None
        connection.scoped = self.alias != NO_DB_ALIAS
        connection.guarded = False
        return connection

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self.guard()

    def guard(self) -> None:
        """From now on the policies hold for this connection, if the database has the roles they are made for.

        It has none before its first migration, or after a restore that forgot them.
        Raises ImproperlyConfigured then, in a process that serves.
        """
        connection: Any = self.connection
        if connection.scoped and settings.ROW_LEVEL_SECURITY:
            with ClientCursor(connection) as cursor:
                (connection.guarded,) = cursor.execute(ROLES_EXIST).fetchone() or (False,)
            if not connection.guarded and SERVES in os.environ:
                raise ImproperlyConfigured("The database lacks the roles that web and worker run as. Run ./run set_up.")

    def create_cursor(self, name: str | None = None) -> Any:
        """A named cursor declares itself outside `execute`: what it needs is sent before."""
        if name and pending_changes(self.connection):
            self.connection.cursor().execute("SELECT")
        return super().create_cursor(name)

    def _rollback(self) -> None:
        super()._rollback()  # type: ignore[misc]  # not in the stubs
        self._forget()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._forget()

    def _forget(self) -> None:
        """The server takes back what was set since the transaction or savepoint began."""
        if self.connection is not None:
            self.connection.sent = None
