"""Who may write: whoever knows the token; without one, whoever sits at the machine the service listens on alone.

A page of the web that is open in a browser on that machine is not the person who sits there. It can send requests
to a loopback address, and with a name of its own that resolves to one (DNS rebinding) read the answers too. What it
can't do is send them without saying so in Host, Origin or Sec-Fetch-Site, or as JSON.
"""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Request

from service.errors import ForbiddenError, MediaTypeError, UnauthorizedError
from service.settings import Settings
from service.wire import JSON, NDJSON

_SET_TOKEN = "Set PAGESIEVE_TOKEN and send it as 'Authorization: Bearer <token>'."  # noqa: S105  # a sentence
# What a proxy adds, so that the one who asks is not the one who seems to.
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def check_writing(request: Request, settings: Settings) -> None:
    """Nothing, if the request may change something.

    Raises:
        UnauthorizedError: there is a token, and the request doesn't carry it.
        ForbiddenError: there is none, and the request is not from this machine's own user.
    """
    if settings.token:
        _check_token(request, settings.token)
        return
    if not is_loopback(settings.host):
        raise ForbiddenError(
            f"Nobody may write here: the service listens on {settings.host} without a token. {_SET_TOKEN}"
        )
    check_local(request)


def check_reading(request: Request, settings: Settings) -> None:
    """Nothing, if the request may read what was sent by others.

    Reading is free, but for pages of the web that read over the shoulder of this machine's user.

    Raises:
        ForbiddenError: the service listens for this machine alone, and the request came by another name.
    """
    if not settings.token and is_loopback(settings.host):
        _check_host(request)


def check_json(request: Request, *, empty: bool = False) -> None:
    """Nothing, if the body is said to be JSON or JSON lines; with `empty` also if there is none.

    Raises:
        MediaTypeError: it is said to be something else, or nothing is said of it.
    """
    if request.mimetype in {JSON, NDJSON}:
        return
    if not (empty and not request.mimetype and not request.content_length):
        sent = request.mimetype or "no type"
        raise MediaTypeError(f"The body is sent as {sent}; send JSON, with 'Content-Type: {JSON}'.")


def check_local(request: Request) -> None:
    """Nothing, if the request is from a program of this machine, or from our own page.

    Raises:
        ForbiddenError: it is from elsewhere, through a proxy, or from another page of the web.
    """
    if not is_loopback(request.remote_addr or "") or any(name in request.headers for name in _FORWARDED):
        raise ForbiddenError(f"The request is not from this machine. {_SET_TOKEN}")
    _check_host(request)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        raise ForbiddenError(f"The request is from a page of {origin[:100]}, which may not write here.")
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        raise ForbiddenError("The request is from a page of another site, which may not write here.")


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _check_host(request: Request) -> None:
    try:
        name = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        raise ForbiddenError(f"The request is for the host {name[:100]!r} and not for localhost. {_SET_TOKEN}")


def _check_token(request: Request, token: str) -> None:
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    # In constant time, so that how long a refusal takes says nothing of the token.
    same = hmac.compare_digest(sent.strip().encode("utf-8", "surrogateescape"), token.encode())
    if scheme.lower() != "bearer" or not same:
        raise UnauthorizedError("Writing needs the token: send 'Authorization: Bearer <token>'.")
