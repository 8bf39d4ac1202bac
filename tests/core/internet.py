"""An internet on loopback: names have the addresses that a test gives them, and all addresses lead to one listener."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUBLIC, PUBLIC_6 = "93.184.216.34", "2606:2800:220:1::1"
REAL_LOOKUP, REAL_CONNECT = socket.getaddrinfo, socket.socket.connect

Parts = Iterable[bytes | float]


def page(content: bytes = b"hello", status: str = "200 OK", **headers: str) -> list[bytes]:
    told = {"Content-Length": str(len(content)), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return [f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin1"), content]


def led_to(address: str, status: str = "302 Found", **headers: str) -> list[bytes]:
    return page(b"gone", status, Location=address, **headers)


class Listener:
    """Real sockets at 127.0.0.1 and ::1. `pages`: path → the parts of its answer, numbers being pauses in seconds."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.context = context
        self.pages: dict[str, Callable[[], Parts]] = {}
        self.heads: list[str] = []
        self.connections = 0
        self.done = threading.Event()
        self.sockets = [
            socket.create_server(("127.0.0.1", 0)),
            socket.create_server(("::1", 0), family=socket.AF_INET6),
        ]
        for one in self.sockets:
            threading.Thread(target=self._listen, args=(one,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.sockets[0].getsockname()[1])

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answer(self, path: str, parts: Parts) -> None:
        self.pages[path] = lambda: parts

    def close(self) -> None:
        self.done.set()
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self, server: socket.socket) -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            wrapped = self.context.wrap_socket(connection, server_side=True) if self.context else connection
            with wrapped:
                head = self._head(wrapped)
                self.heads.append(head)
                path = head.split(" ")[1].partition("?")[0] if " " in head else ""
                for part in self.pages.get(path, page)():
                    if isinstance(part, bytes):
                        wrapped.sendall(part)
                    elif self.done.wait(part):
                        return

    def _head(self, connection: socket.socket) -> str:
        read = b""
        while b"\r\n\r\n" not in read and (more := connection.recv(65_536)):
            read += more
        return read.decode("latin1")


class Internet:
    """`names`: name → its answers one after the other, the last one for ever; each a list of addresses."""

    def __init__(self, listener: Listener, names: dict[str, list[list[str]]]) -> None:
        self.listener, self.names = listener, names
        self.lookups: list[str] = []
        self.gone_to: list[tuple[str, int]] = []

    def look_up(self, host: str, port: int, *arguments: object, **options: object) -> object:
        answers = self.names.get(host.rstrip(".").lower() if isinstance(host, str) else host)
        if answers is None:
            return self._number(host, port, *arguments, **options)
        self.lookups.append(host)
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [_entry(one, port) for one in addresses]

    def connect(self, sock: socket.socket, address: tuple[str, int]) -> None:
        """Whichever address it is: what is sent arrives at the listener."""
        self.gone_to.append((address[0], address[1]))
        server = self.listener.sockets[sock.family == socket.AF_INET6]
        REAL_CONNECT(sock, server.getsockname())

    def _number(self, host: str, port: int, *arguments: object, **options: object) -> object:
        """All that numbers can be written as is read without asking a name server."""
        try:
            socket.inet_aton(host)
        except OSError:
            if ":" not in host:
                raise socket.gaierror(socket.EAI_NONAME, "Name or service not known") from None
        return REAL_LOOKUP(host, port, *arguments, **options)  # type: ignore[arg-type]


def _entry(address: str, port: int) -> tuple[object, ...]:
    if ip_address(address).version == 6:
        return socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0)
    return socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file of the authority that it can be verified with."""
    key, subject = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]),
    )
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    built = (
        built.serial_number(1)
        .not_valid_before(now - datetime.timedelta(1))
        .not_valid_after(now + datetime.timedelta(1))
    )
    built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    certificate = built.sign(key, hashes.SHA256())
    file, both = folder / "authority.pem", folder / "both.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(private + file.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context, file


def dripping(head: bytes, *, every: float) -> Iterator[bytes | float]:
    """A byte now and then, without an end."""
    yield head
    began_at = time.monotonic()
    while time.monotonic() - began_at < 20:
        yield b"a"
        yield every
