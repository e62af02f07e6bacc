"""How the doors are set: one frozen value, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from service.errors import SettingError

PREFIX = "PAGESIEVE_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is read from the variable PAGESIEVE_<FIELD>; docs/settings.md tells what each does."""

    model: Path | None = None
    max_bytes: int = 10_000_000
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 0
    threads: int = 8
    timeout: int = 60
    home: Path | None = None
    token: str = field(default="", repr=False)
    remember: int = 1000

    def __post_init__(self) -> None:
        """Refuse values that nothing could work with.

        Raises:
            SettingError: a number out of its range, or an empty host.
        """
        for name, low, high in (
            ("max_bytes", 1, None),
            ("port", 0, 65535),
            ("workers", 0, None),
            ("threads", 1, None),
            ("timeout", 1, None),
            ("remember", 0, None),
        ):
            value = getattr(self, name)
            if value < low or (high is not None and value > high):
                span = f"at least {low}" if high is None else f"from {low} to {high}"
                raise SettingError(f"{PREFIX}{name.upper()} is {value}; it must be {span}.")
        if not self.host:
            raise SettingError(f"{PREFIX}HOST is empty; name an address to listen on, such as 127.0.0.1.")
        if not all("!" <= character <= "~" for character in self.token):
            raise SettingError(f"{PREFIX}TOKEN may hold letters, digits and signs of ASCII only, and no space.")

    @property
    def folder(self) -> Path:
        """Where samples, trainings and versions are kept: `home`, by default the user's folder for data."""
        if self.home is not None:
            return self.home
        data = os.environ.get("XDG_DATA_HOME", "").strip()
        # The standard has relative paths left alone.
        return (Path(data) if Path(data).is_absolute() else Path.home() / ".local" / "share") / "pagesieve"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """The settings `environ` gives; the default of each that is missing or empty.

        Raises:
            SettingError: a value that is no number where one is needed, or out of range.
        """
        settings = cls()
        found: dict[str, int | str | Path] = {}
        for name in cls.__dataclass_fields__:
            variable = PREFIX + name.upper()
            value = environ.get(variable, "").strip()
            if not value:
                continue
            if name in {"model", "home"}:
                found[name] = Path(value)
            elif isinstance(getattr(settings, name), int):
                found[name] = _integer(variable, value)
            else:
                found[name] = value
        return replace(settings, **found)  # type: ignore[arg-type]  # mypy can't tie names to types


def _integer(variable: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise SettingError(f"{variable} is {value!r}; it must be a whole number.") from None
