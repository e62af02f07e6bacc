from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from service.errors import SettingError
from service.settings import Settings


def test_defaults_without_environment() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings().max_bytes == 10_000_000
    assert (Settings().host, Settings().port) == ("127.0.0.1", 8000)


def test_every_field_is_read() -> None:
    environ = {
        "PAGESIEVE_MODEL": "/models/one",
        "PAGESIEVE_MAX_BYTES": "5",
        "PAGESIEVE_HOST": "::1",
        "PAGESIEVE_PORT": "81",
        "PAGESIEVE_WORKERS": "3",
        "PAGESIEVE_THREADS": "2",
        "PAGESIEVE_TIMEOUT": "9",
        "PAGESIEVE_HOME": "/data",
        "PAGESIEVE_TOKEN": "s3cret",
        "PAGESIEVE_REMEMBER": "4",
    }
    assert len(environ) == len(Settings.__dataclass_fields__)
    assert Settings.from_env(environ) == Settings(
        Path("/models/one"), 5, "::1", 81, 3, 2, 9, Path("/data"), "s3cret", 4
    )


def test_an_empty_variable_is_a_missing_one() -> None:
    assert Settings.from_env({"PAGESIEVE_MODEL": " ", "PAGESIEVE_PORT": ""}) == Settings()


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("PAGESIEVE_PORT", "http", "must be a whole number"),
        ("PAGESIEVE_PORT", "65536", "must be from 0 to 65535"),
        ("PAGESIEVE_MAX_BYTES", "0", "must be at least 1"),
        ("PAGESIEVE_WORKERS", "-1", "must be at least 0"),
        ("PAGESIEVE_TOKEN", "two words", "no space"),
        ("PAGESIEVE_TOKEN", "sécret", "ASCII only"),
    ],
)
def test_what_can_not_be_used_is_refused_by_name(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence) as caught:
        Settings.from_env({variable: value})
    assert variable in str(caught.value)


def test_an_empty_host_is_refused() -> None:
    with pytest.raises(SettingError, match="PAGESIEVE_HOST"):
        Settings(host="")


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_token_is_not_shown() -> None:
    assert "s3cret" not in repr(Settings(token="s3cret"))  # noqa: S106


def test_data_is_kept_where_users_keep_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(home=Path("/data")).folder == Path("/data")
    monkeypatch.setenv("XDG_DATA_HOME", "/shared")
    assert Settings().folder == Path("/shared/pagesieve")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    monkeypatch.setenv("HOME", "/me")
    assert Settings().folder == Path("/me/.local/share/pagesieve")
