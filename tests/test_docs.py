"""What exists is documented, and what is documented exists."""

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from model import LABELS
from service.cli import main
from service.problem import STATUSES, TABLE
from service.settings import Settings


@pytest.fixture(scope="module")
def docs(root: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in [*root.glob("*.md"), *(root / "docs").glob("*.md")]}


def test_settings(docs: dict[str, str]) -> None:
    rows = dict(re.findall(r"^\| `(PAGESIEVE_\w+)` \| (?:`([^`]*)`)? *\|", docs["settings.md"], re.MULTILINE))
    defaults = Settings()
    assert rows == {
        f"PAGESIEVE_{field.upper()}": "" if getattr(defaults, field) is None else str(getattr(defaults, field))
        for field in Settings.__dataclass_fields__
    }


def test_routes(docs: dict[str, str], app: Flask) -> None:
    routes = {
        f"{method} {rule.rule}".replace("<", "{").replace(">", "}")
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/static/")
    }
    assert set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", docs["http.md"], re.MULTILINE)) == routes


def test_problems(docs: dict[str, str]) -> None:
    problems = {(str(problem.status), problem.name) for problem in [*dict(TABLE).values(), *STATUSES.values()]}
    documented = re.findall(r"^\| (\d+) \| `urn:pagesieve:problem:([a-z-]+)` \|", docs["http.md"], re.MULTILINE)
    assert len(documented) == len(set(documented))
    assert set(documented) == problems


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Every command by its whole name, those of groups instead of the groups."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
        else:
            found[before + name] = command
    return found


COMMANDS = commands(main)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_commands(docs: dict[str, str], name: str) -> None:
    sections = re.split(r"^##+ ", docs["command-line.md"], flags=re.MULTILINE)
    (section,) = [section for section in sections if re.match(rf"pagesieve {name}(?:\s|$)", section)]
    options = [option for option in COMMANDS[name].params if isinstance(option, click.Option)]
    expected = {option.opts[0] for option in options}
    assert set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)) == expected
    for option in options:
        if isinstance(option.type, click.Choice) and option.name != "label":
            assert "\\|".join(option.type.choices) in section


def test_labels(docs: dict[str, str]) -> None:
    assert re.findall(r"^\| `(\w+)` \|", docs["README.md"], re.MULTILINE) == list(LABELS)


def test_make(docs: dict[str, str], root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (root / "Makefile").read_text(), re.MULTILINE))
    assert targets >= {"setup", "serve", "test", "check", "train", "bench", "help"}
    named = {target for text in docs.values() for target in re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)}
    assert {"setup", "serve", "test", "check"} <= named <= targets


def test_links_within_the_docs(root: Path) -> None:
    checked = 0
    for path in [*root.glob("*.md"), *(root / "docs").glob("*.md")]:
        for link, anchor in re.findall(r"\]\((?!https?://)([^)#]*)(?:#([^)]*))?\)", path.read_text()):
            target = path.parent / link if link else path
            assert target.exists(), f"{path.name}: {link}"
            if anchor:
                titles = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
                anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
                assert anchor in anchors, f"{path.name}: {link}#{anchor}"
            checked += 1
    assert checked > 10
