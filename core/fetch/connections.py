"""urllib3's connections, which connect to the very address that was judged, and wait no longer than is allowed."""

import io
import socket
import time
from functools import partial
from http.client import HTTPResponse
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from core.fetch.addresses import PORTS, origin, public_addresses
from core.fetch.limits import present_limits


class PatientReader(io.RawIOBase):
    """Of a socket: waits for each piece only as long as the whole request has left, whatever drips."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw, self._socket = raw, sock
        self._silence = sock.gettimeout()
        self._limits = present_limits()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        heard_at = time.monotonic()
        while True:
            left = None if self._silence is None else heard_at + self._silence - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError("timed out")
            self._socket.settimeout(self._limits.wait(left))
            try:
                return self._socket.recv_into(buffer)
            except TimeoutError:
                continue
            finally:
                self._socket.settimeout(self._silence)

    def close(self) -> None:
        self._raw.close()
        super().close()


class PatientResponse(HTTPResponse):
    """Reads its head with the same patience as its body."""

    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = io.BufferedReader(PatientReader(self.fp.detach(), sock))


class Patient:
    response_class = PatientResponse


class Pinned(Patient):
    """Resolves the name itself. `trusted` origins may be anywhere; all others have to be public."""

    scheme = "http"

    def __init__(self, *arguments: Any, trusted: frozenset[str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.trusted = trusted

    def _new_conn(self: Any) -> socket.socket:
        """The name goes back into its place at once: TLS asks for it."""
        name, longest = self._dns_host, self.timeout
        failure: Exception | None = None
        try:
            for address in self._addresses(name):
                self.host, self.timeout = address, present_limits().wait(longest)
                try:
                    return super()._new_conn()  # type: ignore[misc]
                except (NewConnectionError, ConnectTimeoutError) as error:
                    failure = error
        except socket.gaierror as error:
            raise NameResolutionError(name, self, error) from error
        finally:
            self.host, self.timeout = name, longest
        assert failure is not None  # noqa: S101  (there was at least one address)
        raise failure

    def _addresses(self: Any, name: str) -> list[str]:
        port = self.port or PORTS[self.scheme]
        return [name] if origin(self.scheme, name, port) in self.trusted else public_addresses(name, port)


class PinnedHTTP(Pinned, HTTPConnection):  # type: ignore[misc]
    pass


class PinnedHTTPS(Pinned, HTTPSConnection):  # type: ignore[misc]
    scheme = "https"


class PatientHTTP(Patient, HTTPConnection):  # type: ignore[misc]
    pass


class PatientHTTPS(Patient, HTTPSConnection):  # type: ignore[misc]
    pass


class PinnedPool(HTTPConnectionPool):
    ConnectionCls = PinnedHTTP  # type: ignore[assignment]


class PinnedTLSPool(HTTPSConnectionPool):
    ConnectionCls = PinnedHTTPS  # type: ignore[assignment]


class PatientPool(HTTPConnectionPool):
    ConnectionCls = PatientHTTP


class PatientTLSPool(HTTPSConnectionPool):
    ConnectionCls = PatientHTTPS


def pin(manager: PoolManager, trusted: frozenset[str]) -> None:
    """Whatever connects by this manager connects to what was judged."""
    pools: Any = {"http": partial(PinnedPool, trusted=trusted), "https": partial(PinnedTLSPool, trusted=trusted)}
    manager.pool_classes_by_scheme = pools


def bound(manager: PoolManager) -> None:
    """Of a proxy, which resolves names itself: only the time is bounded."""
    manager.pool_classes_by_scheme = {"http": PatientPool, "https": PatientTLSPool}
