import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from service.errors import ForbiddenError, MediaTypeError, UnauthorizedError
from service.guard import check_json, check_reading, check_writing, is_loopback
from service.settings import Settings

HERE = Settings()
OPEN = Settings(host="0.0.0.0")  # noqa: S104
WITH_TOKEN = Settings(host="0.0.0.0", token="s3cret")  # noqa: S104, S106


def ask(remote: str = "127.0.0.1", host: str = "localhost:8000", body: str | None = None, **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = Headers([("Host", host), *named.items()])
    environ = EnvironBuilder("/v1/samples", method="POST", headers=sent, data=body).get_environ()
    environ["REMOTE_ADDR"] = remote
    return Request(environ)


@pytest.mark.parametrize(
    "request_",
    [
        ask(),
        ask("127.0.0.9", "127.0.0.1"),
        ask("::1", "[::1]:8000"),
        ask(host="LOCALHOST:1"),
        ask(Origin="http://localhost:8000", Sec_Fetch_Site="same-origin"),
        ask(Sec_Fetch_Site="none"),
    ],
)
def test_who_sits_at_the_machine_may_write(request_: Request) -> None:
    check_writing(request_, HERE)


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        (ask("192.0.2.1"), "not from this machine"),
        (ask(""), "not from this machine"),
        (ask(X_Forwarded_For="192.0.2.1"), "not from this machine"),
        (ask(Forwarded="for=192.0.2.1"), "not from this machine"),
        (ask(host="pages.example:8000"), "for the host 'pages.example'"),
        (ask(host="127.0.0.1.example"), "for the host '127.0.0.1.example'"),
        (ask(host="localhost.example"), "for the host 'localhost.example'"),
        (ask(host=""), "for the host ''"),
        (ask(host="[::1"), "for the host"),
        (ask(Origin="http://pages.example"), "from a page of http://pages.example"),
        (ask(Origin="http://localhost:9000"), "from a page of http://localhost:9000"),
        (ask(Origin="null"), "from a page of null"),
        (ask(Sec_Fetch_Site="cross-site"), "from a page of another site"),
        (ask(Sec_Fetch_Site="same-site"), "from a page of another site"),
    ],
)
def test_others_may_not(request_: Request, sentence: str) -> None:
    with pytest.raises(ForbiddenError, match=sentence.replace("[", r"\[")):
        check_writing(request_, HERE)


def test_without_a_token_nobody_writes_where_others_can_ask() -> None:
    with pytest.raises(ForbiddenError, match="Set PAGESIEVE_TOKEN"):
        check_writing(ask(), OPEN)


def test_who_knows_the_token_may_write_from_anywhere() -> None:
    for scheme in ("Bearer", "bearer"):
        check_writing(ask("192.0.2.1", "pages.example", Authorization=f"{scheme} s3cret"), WITH_TOKEN)


@pytest.mark.parametrize(
    "sent", [None, "", "Bearer", "Bearer ", "Bearer s3cre", "Bearer s3cret2", "Basic s3cret", "s3cret", "Bearer sécret"]
)
def test_who_does_not_know_it_may_not(sent: str | None) -> None:
    request = ask() if sent is None else ask(Authorization=sent)
    with pytest.raises(UnauthorizedError, match="needs the token"):
        check_writing(request, WITH_TOKEN)


def test_reading_is_free_but_for_pages_that_rebind_a_name() -> None:
    check_reading(ask("192.0.2.1", "pages.example"), OPEN)
    check_reading(ask("192.0.2.1", "pages.example"), WITH_TOKEN)
    check_reading(ask(), HERE)
    with pytest.raises(ForbiddenError, match="for the host"):
        check_reading(ask(host="rebound.example"), HERE)


def test_a_body_has_to_be_said_to_be_json() -> None:
    check_json(ask(body="{}", Content_Type="application/json; charset=utf-8"))
    check_json(ask(body="{}", Content_Type="application/x-ndjson"))
    check_json(ask(), empty=True)
    for request, empty in (
        (ask(body="{}", Content_Type="text/plain"), True),
        (ask(body="{}", Content_Type="application/x-www-form-urlencoded"), True),
        (ask(Content_Type="text/plain"), True),
        (ask(), False),
    ):
        with pytest.raises(MediaTypeError, match="application/json"):
            check_json(request, empty=empty)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("", False), ("example", False)],  # noqa: S104
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) == expected
