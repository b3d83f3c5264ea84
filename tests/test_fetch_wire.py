"""The Fetcher on real sockets: a scripted server on loopback that says whatever bytes a test wants."""

import gzip
import logging
import socket
import struct
import threading
import tracemalloc
import zlib
from contextlib import suppress

import pytest

from harvester.errors import SourceUnavailable
from harvester.fetch import Fetcher
from harvester.outside import FetchPolicy, Outside
from harvester.wire import Limit, Request

FAST = Limit(per_second=1000, concurrency=4)
TEXT = "关于图书馆糨糊的干燥 On the drying of library paste".encode()


class Server:
    """Answers connection after connection with the replies given: bytes, or a function of the socket."""

    def __init__(self, host="127.0.0.1"):
        self.listener = socket.create_server(
            (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
        self.port = self.listener.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.replies = []
        self.questions = []
        self.connections = 0
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            with connection, suppress(OSError):
                connection.settimeout(20)
                question = b""
                while b"\r\n\r\n" not in question:
                    piece = connection.recv(65536)
                    if not piece:
                        break
                    question += piece
                if not question:
                    continue
                self.questions.append(question)
                reply = self.replies.pop(0) if self.replies else answer(b"spare")
                if callable(reply):
                    reply(connection)
                else:
                    connection.sendall(reply)

    def close(self):
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(20)


def answer(body, status="200 OK", **headers):
    headers = {"content_length": len(body), "connection": "close", **headers}
    lines = [f"HTTP/1.1 {status}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([*lines, "", ""]).encode() + body


class Clock:
    """Moved by sleeping and by the server; never by itself."""

    def __init__(self):
        self.at = 0.0

    def monotonic(self):
        return self.at

    def move(self, seconds):
        self.at += seconds


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def neighbour():
    """A second server, which nobody has configured."""
    server = Server()
    yield server
    server.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def fetcher(server, clock):
    with open_fetcher([server.base], clock) as fetcher:
        yield fetcher


def open_fetcher(bases, clock, resolve=None, **policy):
    outside = Outside(monotonic=clock.monotonic, sleep=clock.move, random=lambda: 0.5)
    if resolve is not None:
        outside = Outside(
            monotonic=clock.monotonic, sleep=clock.move, random=lambda: 0.5, resolve=lambda *_: resolve
        )
    return Fetcher(
        {"crossref": bases}, policy=FetchPolicy(**{"allow_private": True, **policy}), outside=outside
    )


def ask(fetcher, server, path="/works"):
    return fetcher.fetch(Request(service="crossref", url=f"{server.base}{path}"), FAST)


def reason(fetcher, server):
    with pytest.raises(SourceUnavailable) as caught:
        ask(fetcher, server)
    return caught.value.message.key


# -- bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body, encoding",
    [
        (TEXT, None),
        (gzip.compress(TEXT, mtime=0), "gzip"),
        (zlib.compress(TEXT), "deflate"),
        (TEXT, "identity"),
    ],
)
def test_body_arrives_unpacked(fetcher, server, body, encoding):
    server.replies = [answer(body, content_encoding=encoding)]

    assert ask(fetcher, server).body == TEXT


def test_chunked_body_arrives_whole(fetcher, server):
    chunks = b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    server.replies = [answer(b"", content_length=None, transfer_encoding="chunked") + chunks]

    assert ask(fetcher, server).body == b"abcde"


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def silence(connection):
    connection.close()


@pytest.mark.parametrize(
    "broken",
    [
        reset,
        silence,
        answer(TEXT, content_length=len(TEXT) + 9),
        answer(gzip.compress(TEXT, mtime=0)[:-3], content_encoding="gzip"),
        answer(b"<html>", content_encoding="gzip"),
        answer(b"", content_length=None, transfer_encoding="chunked") + b"5\r\nab",
        answer(b"", content_length=None, transfer_encoding="chunked") + b"zz\r\nab\r\n",
        answer(TEXT, content_length="many"),
        answer(TEXT, content_length=-1),
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"\x16\x03\x01\x00\x00" * 40,
        b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 30_000 + b"\r\n",
    ],
)
def test_broken_answer_is_asked_for_again(fetcher, server, broken):
    server.replies = [broken, answer(TEXT)]

    assert ask(fetcher, server).body == TEXT
    assert len(server.questions) == 2


def test_answer_that_is_always_broken_ends_after_six_attempts(fetcher, server):
    server.replies = [answer(TEXT, content_length=999)] * 9

    assert reason(fetcher, server) == "fetch-connection"
    assert len(server.questions) == 6


def test_what_lies_behind_the_stated_length_is_not_read(fetcher, server):
    server.replies = [
        answer(TEXT + b"HTTP/1.1 200 OK\r\n\r\nsmuggled", content_length=len(TEXT)),
        answer(b"next"),
    ]

    assert ask(fetcher, server).body == TEXT
    assert ask(fetcher, server).body == b"next"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_encoding_that_was_not_asked_for_is_final(fetcher, server, encoding):
    server.replies = [answer(TEXT, content_encoding=encoding)]

    assert reason(fetcher, server) == "fetch-encoding"
    assert len(server.questions) == 1


def ten_gigabytes(connection):
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    connection.sendall(
        answer(b"", content_length=len(head) + 10240 * len(block), content_encoding="gzip") + head
    )
    for _ in range(10240):
        connection.sendall(block)


def without_end(connection):
    connection.sendall(answer(b"", content_length=None))
    while True:
        connection.sendall(bytes(1 << 16))


def chunks_without_end(connection):
    connection.sendall(answer(b"", content_length=None, transfer_encoding="chunked"))
    while True:
        connection.sendall(b"10000\r\n" + bytes(1 << 16) + b"\r\n")


@pytest.mark.parametrize(
    "flood",
    [
        ten_gigabytes,
        without_end,
        chunks_without_end,
        answer(b"x", content_length=20_000_001),
        answer(b"x", content_length="9" * 18),
    ],
)
def test_flood_is_refused_in_little_memory_and_at_the_first_attempt(fetcher, server, flood):
    server.replies = [flood]
    tracemalloc.start()
    try:
        assert reason(fetcher, server) == "fetch-too-large"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(server.questions) == 1
    assert peak < 50_000_000


# -- time --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", answer(b"", content_length=10_000_000)])
def test_answer_byte_by_byte_ends_at_the_deadline(server, clock, start):
    over = threading.Event()

    def drip(connection):
        connection.sendall(start)
        while not over.is_set():
            clock.move(1.0)
            connection.sendall(b"H")

    server.replies = [drip]
    with open_fetcher([server.base], clock, attempts=1, deadline_s=60) as fetcher:
        try:
            assert reason(fetcher, server) == "fetch-timeout"
        finally:
            over.set()

    assert clock.at >= 60


def test_silent_server_ends_in_a_timeout(server, clock):
    over = threading.Event()
    server.replies = [lambda _connection: over.wait(20)]
    with open_fetcher([server.base], clock, attempts=1, read_s=0.05) as fetcher:
        try:
            assert reason(fetcher, server) == "fetch-timeout"
        finally:
            over.set()


def test_port_where_nobody_listens_is_a_connection_error(server, clock):
    server.close()
    with open_fetcher([server.base], clock) as fetcher:
        assert reason(fetcher, server) == "fetch-connection"


# -- where it may go ---------------------------------------------------------------------------------------

TO_THE_NEIGHBOUR = [
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.0.0.1:{own}@127.0.0.1:{port}/",
    "http://127.0.0.1:{own}\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@127.0.0.1:{own}/",
    "//127.0.0.1:{port}/",
    "https://127.0.0.1:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@127.0.0.1:{own}/",
    "http://127.0.0.1:{port}?@127.0.0.1:{own}/",
    "http://169.254.169.254/latest/meta-data/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_QUIT",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("status", ["301 Moved", "307 Again"])
@pytest.mark.parametrize("location", TO_THE_NEIGHBOUR)
def test_redirect_to_the_own_network_opens_no_connection(fetcher, server, neighbour, location, status):
    target = location.format(port=neighbour.port, own=server.port)
    server.replies = [answer(b"", status, location=target)]

    reason(fetcher, server)

    assert neighbour.connections == 0
    assert len(server.questions) == 1


def test_redirect_on_the_stand_in_itself_is_followed(fetcher, server):
    server.replies = [answer(b"", "301 Moved", location="/prime"), answer(TEXT)]

    payload = ask(fetcher, server)

    assert (payload.url, payload.body) == (f"{server.base}/prime", TEXT)
    assert server.questions[1].startswith(b"GET /prime HTTP/1.1\r\n")


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
]


@pytest.mark.parametrize("addresses", [*([it] for it in PRIVATE), ["93.184.215.14", "127.0.0.1"]])
def test_name_that_leads_home_is_not_dialled(server, clock, addresses):
    server.base = f"http://rebound.example.org:{server.port}"
    with open_fetcher([server.base], clock, resolve=addresses, allow_private=False) as fetcher:
        assert reason(fetcher, server) == "fetch-address"

    assert server.connections == 0


def test_stand_in_on_link_local_is_not_dialled_even_with_leave(server, clock):
    server.base = f"http://stand-in.example.org:{server.port}"
    with open_fetcher([server.base], clock, resolve=["169.254.169.254"]) as fetcher:
        assert reason(fetcher, server) == "fetch-address"


def test_address_that_was_judged_is_the_one_dialled_and_the_name_stays_in_the_question(server, clock):
    server.base = f"http://stand-in.example.org:{server.port}"
    with open_fetcher([server.base], clock, resolve=["127.0.0.1"]) as fetcher:
        ask(fetcher, server)

    assert f"\r\nHost: stand-in.example.org:{server.port}\r\n".encode() in server.questions[0]


def test_second_address_is_tried_when_the_first_is_dead(clock):
    server = Server("::1")
    server.base = f"http://stand-in.example.org:{server.port}"
    try:
        with open_fetcher([server.base], clock, resolve=["127.0.0.1", "::1"]) as fetcher:
            assert ask(fetcher, server).body == b"spare"
    finally:
        server.close()


@pytest.mark.parametrize(
    "failure", [socket.gaierror(-2, "Name or service not known"), UnicodeError("label too long")]
)
def test_name_without_an_address_is_tried_once_more_and_no_longer(server, clock, failure):
    asked = []

    def fail(host, port):
        asked.append((host, port))
        raise failure

    server.base = "https://nowhere.example.org"
    outside = Outside(monotonic=clock.monotonic, sleep=clock.move, random=lambda: 0.5, resolve=fail)
    with Fetcher({"crossref": [server.base]}, outside=outside) as fetcher:
        assert reason(fetcher, server) == "fetch-no-name"

    assert asked == [("nowhere.example.org", 443)] * 2


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_proxy_of_the_environment_is_not_used(server, neighbour, clock, monkeypatch, name):
    monkeypatch.setenv(name, neighbour.base)
    with open_fetcher([server.base], clock) as fetcher:
        ask(fetcher, server)

    assert neighbour.connections == 0


def test_configured_proxy_is_used(server, neighbour, clock):
    server.base = "http://stand-in.example.org"
    with open_fetcher([server.base], clock, proxy=neighbour.base) as fetcher:
        assert ask(fetcher, server).body == b"spare"

    assert neighbour.questions[0].startswith(b"GET http://stand-in.example.org/works HTTP/1.1\r\n")


def test_cookies_and_netrc_play_no_part(server, clock, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    server.replies = [answer(b"", set_cookie="a=b; Path=/"), answer(b"")]
    with open_fetcher([server.base], clock) as fetcher:
        ask(fetcher, server)
        ask(fetcher, server)

    assert b"cookie" not in server.questions[1].lower()
    assert b"authorization" not in server.questions[1].lower()


def test_key_that_a_service_echoes_is_not_logged_by_the_libraries_either(fetcher, server, caplog):
    caplog.set_level(logging.DEBUG)
    server.replies = [answer(b"", x_echo="PLANTED-key-4711")]
    fetcher.fetch(
        Request(
            service="crossref",
            url=f"{server.base}/works",
            params=(("api_key", "PLANTED-key-4711"),),
            headers=(("x-api-key", "PLANTED-key-4711"),),
        ),
        FAST,
    )

    assert b"PLANTED-key-4711" in server.questions[0]
    assert "PLANTED" not in caplog.text


def test_threads_share_a_fetcher(server, clock):
    with open_fetcher([server.base], clock) as fetcher:
        found = []
        threads = [
            threading.Thread(target=lambda: found.append(ask(fetcher, server).body)) for _ in range(16)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert found == [b"spare"] * 16
