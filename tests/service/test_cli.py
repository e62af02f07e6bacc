import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from model import LABELS, Page, strip
from service import printer, server
from service.cli import main
from service.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for field in Settings.__dataclass_fields__:
        monkeypatch.delenv(f"PAGESIEVE_{field.upper()}", raising=False)

    def call(*words: object, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], input=stdin)

    return call


@pytest.fixture
def text_file(tmp_path: Path, text_page: str) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(text_page)
    return path


@pytest.fixture
def html_file(tmp_path: Path, html_page: str) -> Path:
    path = tmp_path / "page.html"
    path.write_text(html_page)
    return path


def test_standard_input_is_answered(run: Run, text_page: str, html_page: str) -> None:
    assert run("strip", stdin=text_page).stdout == strip(Page.from_text(text_page)).text() + "\n"
    assert run("strip", stdin=html_page).stdout == strip(Page.from_html(html_page)).text() + "\n"


def test_files_are_answered_in_order(run: Run, text_file: Path, html_file: Path) -> None:
    result = run("strip", "--format", "json", text_file, html_file)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [str(text_file), str(html_file)]
    both = run("strip", text_file, html_file).stdout
    assert both == run("strip", text_file).stdout + "\n" + run("strip", html_file).stdout


def test_a_type_can_be_forced(run: Run, html_page: str) -> None:
    answer = json.loads(run("strip", "--type", "text", "--format", "json", stdin=html_page).stdout)
    assert answer["lines"][0]["text"] == "<!doctype html>"


def test_keep_chooses_the_text(run: Run, text_page: str) -> None:
    stripped = strip(Page.from_text(text_page))
    expected = stripped.text(frozenset(label for label in LABELS if label in {"title", "nav"}))
    assert run("strip", "--keep", "title,nav", stdin=text_page).stdout == expected + "\n"
    refused = run("strip", "--keep", "menu", stdin=text_page)
    assert refused.exit_code == 1
    assert "'menu' is no label" in refused.stderr


def test_lines_are_separated_by_tabs_off_a_terminal(run: Run, text_page: str) -> None:
    rows = [row.split("\t") for row in run("strip", "--format", "lines", stdin=text_page).stdout.splitlines()]
    stripped = strip(Page.from_text(text_page))
    assert rows == [[line.label, f"{line.score:.4f}", line.text] for line in stripped.lines]


def test_lines_are_coloured_on_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("strip", "--format", "lines", stdin="A line with a bell \a, an escape \x1b[2J and [markup].")
    assert result.exit_code == 0, result.output
    assert "\x1b[" in result.stdout
    assert "\a" not in result.stdout
    assert "\x1b[2J" not in result.stdout
    assert "[markup]" in result.stdout


def test_every_label_has_a_style() -> None:
    assert set(printer._STYLES) == set(LABELS)


def test_markdown_begins_with_the_title(run: Run, text_page: str) -> None:
    title = strip(Page.from_text(text_page)).title
    assert run("strip", "--format", "markdown", stdin=text_page).stdout.startswith(f"# {title}\n\n")


def test_an_empty_page_prints_nothing(run: Run) -> None:
    result = run("strip", stdin="")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


def test_a_file_that_can_not_be_read_stops_no_other(run: Run, tmp_path: Path, text_file: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9)
    result = run("strip", image, text_file)
    assert result.exit_code == 1
    assert result.stdout.strip() == run("strip", text_file).stdout.strip()
    assert str(image) in result.stderr
    assert "no text" in result.stderr


def test_a_file_that_is_not_there_stops_no_other(run: Run, tmp_path: Path, text_file: Path) -> None:
    result = run("strip", tmp_path / "nowhere", text_file)
    assert result.exit_code == 1
    assert "nowhere" in result.stderr
    assert result.stdout.strip() == run("strip", text_file).stdout.strip()


def test_a_dash_is_standard_input(run: Run, text_page: str) -> None:
    assert run("strip", "-", stdin=text_page).stdout == run("strip", stdin=text_page).stdout
    assert json.loads(run("strip", "--format", "json", "-", stdin=text_page).stdout)["id"] is None


def test_a_page_over_the_limit_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIEVE_MAX_BYTES", "3")
    result = run("strip", stdin="abcd")
    assert result.exit_code == 1
    assert "PAGESIEVE_MAX_BYTES" in result.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_ndjson_in_ndjson_out(run: Run, tmp_path: Path, text_page: str, jobs: int) -> None:
    lines = [json.dumps({"id": number, "text": text_page}) for number in range(20)]
    source = "\n".join([*lines[:10], "broken", *lines[10:]])
    result = run("strip", "--ndjson", "--jobs", jobs, stdin=source)
    assert result.exit_code == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [*range(10), None, *range(10, 20)]
    assert answers[10]["error"]["status"] == 400
    assert len({answer["text"] for answer in answers if "error" not in answer}) == 1


def test_ndjson_takes_no_type(run: Run) -> None:
    assert run("strip", "--ndjson", "--type", "text", stdin="").exit_code == 2
    assert run("strip", "--ndjson", "--format", "lines", stdin="").exit_code == 2


def test_failures_are_sentences(run: Run, tmp_path: Path) -> None:
    for words in (("strip", "--model", tmp_path), ("serve", "--model", tmp_path), ("serve", "--port", "99999")):
        result = run(*words, stdin="")
        assert result.exit_code == 1, words
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1


def test_serve_prefers_its_options_to_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Settings] = []
    monkeypatch.setattr(server, "serve", served.append)
    monkeypatch.setenv("PAGESIEVE_PORT", "81")
    monkeypatch.setenv("PAGESIEVE_HOST", "0.0.0.0")  # noqa: S104
    assert run("serve", "--port", "82", "--workers", "0").exit_code == 0
    assert served == [Settings(port=82, host="0.0.0.0")]  # noqa: S104


def test_version_and_help(run: Run) -> None:
    assert run("--version").stdout.startswith("pagesieve, version ")
    for command in main.commands.values():
        assert isinstance(command, click.Command)
        result = run(command.name, "-h")
        assert result.exit_code == 0
        assert result.stdout.startswith(f"Usage: pagesieve {command.name}")
        for below in command.commands if isinstance(command, click.Group) else ():
            assert run(command.name, below, "-h").stdout.startswith(f"Usage: pagesieve {command.name} {below}")


def test_progress_is_shown_on_standard_error_of_a_terminal(
    run: Run, monkeypatch: pytest.MonkeyPatch, text_file: Path
) -> None:
    assert run("strip", text_file, text_file).stderr == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("strip", text_file, text_file)
    assert "2/2" in result.stderr
    assert "2/2" not in result.stdout


def test_of_training_the_web_imports_what_holds_samples() -> None:
    code = (
        "import sys, service.app, service.server; "
        "print(*[name for name in sys.modules if name.partition('.')[0] in "
        "{'training', 'resiliparse', 'inscriptis', 'html_text', 'matplotlib'}])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert set(loaded.stdout.split()) == {
        "training",
        "training.align",
        "training.archive",
        "training.database",
        "training.export",
        "training.jobs",
        "training.labelling",
        "training.lock",
        "training.samples",
    }
