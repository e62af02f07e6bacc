"""gunicorn, set by our settings and answering even what it refuses itself with a problem."""

import gc
import os
import socket
from typing import Any

from flask import Flask
from gunicorn import util
from gunicorn.app.base import BaseApplication

from service import problem, render
from service.app import LIVE, create_app
from service.settings import Settings


def options(settings: Settings) -> dict[str, object]:
    """Gunicorn's settings, by its names for them, that follow from ours."""
    # An IPv6 address holds colons itself.
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.workers or os.cpu_count() or 1,
        # Threads, so that a long stream neither keeps the health check waiting nor is taken for a
        # worker that hangs.
        "worker_class": "gthread",
        "threads": settings.threads,
        "timeout": settings.timeout,
        # The model is loaded once and shared; one that can't be used stops the start and not, over and
        # over, each worker.
        "preload_app": True,
        "post_worker_init": follow,
        "proc_name": "pagesieve",
        # Nothing here is managed through it, and it would be made in the home folder.
        "control_socket_disable": True,
    }


def follow(worker: Any) -> None:  # noqa: ANN401  # gunicorn has no types
    """Have a new worker answer with the version that is current now, and with those that will be."""
    worker.wsgi.extensions[LIVE].follow()


def serve(settings: Settings) -> None:
    """Serve until told to stop; does not return.

    Raises:
        ArtifactError: the model can't be used.
    """
    server = Server(settings)
    # What is loaded stays for good: the garbage collector need not look through it page by page (a tenth of the
    # time of a page of HTML), nor touch and so copy what workers share.
    gc.collect()
    gc.freeze()
    server.run()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's arbiter around our application, set from here instead of its own command line."""

    def __init__(self, settings: Settings) -> None:
        """Set up for `settings`, with the application loaded."""
        self._settings = settings
        # Before gunicorn takes over, which would print a traceback for it.
        self._app = create_app(settings)
        super().__init__()

    def load_config(self) -> None:
        """Hand gunicorn its settings."""
        for name, value in options(self._settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application to serve."""
        return self._app


def _write_problem(client: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer a request that never became one (a broken header, a line too long) with a problem."""
    body = render.dump(problem.of_status(status, message or reason)).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
        f"Content-Type: {problem.MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(client, head.encode("latin-1") + body)


# gunicorn writes these answers as HTML and has no hook for them.
_gunicorn: Any = util
_gunicorn.write_error = _write_problem
