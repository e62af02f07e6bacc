"""A browser to test with: one that is installed, or Debian's."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# No process of the browser asks anything of anyone but the page under test.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of Chromium or Chrome, installed first where that is allowed; None where there is none."""
    # Tests run in several processes: one installs, and no other takes what is half installed for a browser.
    with (Path(tempfile.gettempdir()) / f"pagesieve-tests-browser-{os.geteuid()}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        return _installed() or (_install() if _may_install() else None)


def _installed() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> str | None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        if subprocess.run(["apt-get", "-qq", *command], env=environ, check=False, timeout=600).returncode != 0:
            return None
    return _installed()
