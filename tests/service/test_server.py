import http.client
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from service.server import options
from service.settings import Settings
from tests.serving import Server


def exchange(server: Server, request: bytes) -> bytes:
    """All that the server answers to raw bytes."""
    address = urlsplit(server.url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


def connect(server: Server) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)


@pytest.mark.parametrize("name", ["text_page", "html_page"])
def test_the_curl_line_of_the_readme(server: Server, name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    page = tmp_path / "page"
    page.write_text(request.getfixturevalue(name))
    answer = subprocess.run(
        ["curl", "--silent", "--show-error", "--data-binary", f"@{page}", f"{server.url}/v1/strip"],
        check=True,
        capture_output=True,
        timeout=30,
    )
    text = json.loads(answer.stdout)["text"]
    assert "A ferry without an engine" in text
    assert "Skip to main content" not in text


@pytest.mark.parametrize(
    ("request_", "status", "name"),
    [
        (b"GET / HTTP/9\r\n\r\n", 400, "bad-request"),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400, "bad-request"),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414, "uri-too-long"),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 9_000 + b"\r\n\r\n", 431, "header-fields-too-large"),
        (
            b"POST /v1/strip HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnot hex\r\n",
            400,
            "unreadable-body",
        ),
        (b"POST /v1/strip HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", 400, "unreadable-body"),
    ],
)
def test_what_is_not_http_is_answered_by_a_problem(server: Server, request_: bytes, status: int, name: str) -> None:
    head, _, body = exchange(server, request_).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"application/problem+json" in head
    assert json.loads(body)["type"] == f"urn:pagesieve:problem:{name}"


def test_a_body_too_large_is_answered_and_the_server_lives_on(server: Server) -> None:
    connection = connect(server)
    connection.request("POST", "/v1/strip", body=b"a" * 2_000_001)
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["type"] == "urn:pagesieve:problem:too-large"
    connection.close()
    connection = connect(server)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()


def test_a_client_that_sends_all_before_it_reads_is_served_in_flat_memory(server: Server) -> None:
    count, width = 900, 24_000  # answers of some 40 MB: more than all buffers between the two hold
    page = "\n".join("word " * 200 for _ in range(width // 1_000))

    def lines() -> Iterator[bytes]:
        for number in range(count):
            yield json.dumps({"id": number, "text": page}).encode() + b"\n"

    connection = connect(server)
    headers = {"Content-Type": "application/x-ndjson"}
    connection.request("POST", "/v1/strip", body=next(lines()), headers=headers)
    connection.getresponse().read()
    before = memory_peak(server)
    connection.request("POST", "/v1/strip", body=lines(), headers=headers, encode_chunked=True)
    response = connection.getresponse()
    assert [json.loads(line)["id"] for line in response] == list(range(count))
    connection.close()
    assert memory_peak(server) - before < 15_000


def test_answers_come_while_pages_are_still_sent(server: Server) -> None:
    connection = connect(server)
    connection.putrequest("POST", "/v1/strip")
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    line = json.dumps({"text": "A page of one line, and a long one. " * 40}).encode() + b"\n"
    for _ in range(100):
        connection.send(b"%x\r\n%b\r\n" % (len(line), line))
    response = connection.getresponse()
    assert json.loads(response.readline())["lines"]
    connection.send(b"0\r\n\r\n")
    assert len(response.read().splitlines()) == 99
    connection.close()


def memory_peak(server: Server) -> int:
    """The most memory the server's worker ever had, in kilobytes."""
    if not Path("/proc/self/task").exists():
        pytest.skip("needs Linux's /proc")
    (worker,) = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    found = re.search(r"^VmHWM:\s+(\d+)", Path(f"/proc/{worker}/status").read_text(), re.MULTILINE)
    assert found
    return int(found.group(1))


def test_options_follow_settings() -> None:
    assert options(Settings(host="::1", port=1, workers=3))["bind"] == "[::1]:1"
    assert options(Settings(workers=3))["workers"] == 3
    assert options(Settings())["workers"] == os.cpu_count()


def test_the_configuration_for_those_who_start_gunicorn_themselves() -> None:
    from service import gunicorn_conf

    assert vars(gunicorn_conf).items() >= options(Settings.from_env()).items()
