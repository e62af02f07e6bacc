"""`pagesieve samples`: labelled pages put into the archive, listed, taken out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from model.errors import InputError, PagesieveError
from model.label import LABELS, Label
from service.settings import Settings

# A command imports what it alone needs when it runs.

_STDIN = "-"


@click.group()
def samples() -> None:
    """Labelled pages to learn from."""


@samples.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False), metavar="[FILE]...")
@click.option("--annotator", default="", help="Who labelled them, where they don't say.")
def add(files: tuple[str, ...], annotator: str) -> None:
    """Store the samples of each FILE, by default of standard input.

    A FILE holds JSON objects, one a line, as POST /v1/samples takes them and `export` prints them; one such object,
    if its name ends in .json; or an HTML page annotated with data-label, if it ends in .html.
    """
    from service import render
    from service.live import load
    from service.submission import submit
    from training.archive import Archive

    settings = Settings.from_env()
    archive, model = Archive(settings.folder), load(settings)
    failed = False
    for path in files or (_STDIN,):
        try:
            for where, parse in _submissions(path, settings):
                try:
                    told = submit({"annotator": annotator} | parse(), archive, model)
                    click.echo(render.dump(told))
                except InputError as error:
                    # The other samples are still stored.
                    click.echo(f"Error: {where}: {error}", err=True)
                    failed = True
        except (OSError, UnicodeDecodeError) as error:
            click.echo(f"Error: {path}: {error}", err=True)
            failed = True
    if failed:
        raise SystemExit(1)


@samples.command(name="list")
@click.option("--label", type=click.Choice([label.value for label in LABELS]), help="Those with a line of this label.")
@click.option("--host", help="Those of this host.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
def list_(label: str | None, host: str | None, limit: int) -> None:
    """Print the samples, those labelled last first: name, time, host, lines of each label, separated by tabs."""
    from training.archive import Archive, Chosen

    chosen = Chosen(None if label is None else Label(label), host and host.lower(), limit=limit)
    for stored in Archive(Settings.from_env().folder).choose(chosen):
        counts = " ".join(f"{name}={count}" for name, count in stored.counts().items())
        click.echo(f"{stored.id}\t{stored.added}\t{stored.host}\t{counts}")


@samples.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; standard output.")
def export(out: Path | None) -> None:
    """Print all samples, a JSON object a line, as `pagesieve train` reads them."""
    from training import export as exported
    from training.archive import Archive

    archive = Archive(Settings.from_env().folder)
    with click.open_file(str(out or _STDIN), "wb") as file:
        file.writelines(exported.lines(archive))


@samples.command()
@click.argument("names", nargs=-1, required=True, metavar="SAMPLE...")
def remove(names: tuple[str, ...]) -> None:
    """Forget each SAMPLE, with all its revisions."""
    from training.archive import Archive

    archive = Archive(Settings.from_env().folder)
    failed = False
    for name in names:
        try:
            archive.remove(name)
        except PagesieveError as error:
            click.echo(f"Error: {error}", err=True)
            failed = True
    if failed:
        raise SystemExit(1)


def _submissions(path: str, settings: Settings) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Each sample of a file: where it stands, and what makes its fields of it."""
    from service import body, wire
    from service.samples import ROOM

    limit = ROOM * settings.max_bytes
    with click.open_file(path, "rb") as source:
        if path.lower().endswith((".html", ".htm")):
            page = body.read_whole(source, limit).decode()
            yield path, lambda: _annotated(page, Path(path).stem)
        elif path.lower().endswith(".json"):
            content = body.read_whole(source, limit)
            yield path, lambda: wire.parse_object(content)
        else:
            for number, line in enumerate(body.read_lines(source, limit), 1):
                yield f"{path}, sample {number}", _parser(line)


def _parser(line: bytes | InputError) -> Callable[[], dict[str, Any]]:
    from service import wire

    def parse() -> dict[str, Any]:
        if isinstance(line, InputError):
            raise line
        return wire.parse_object(line)

    return parse


def _annotated(source: str, name: str) -> dict[str, Any]:
    from training.importers import annotated

    sample = annotated(source, name)
    # All that an annotated page says of where it is from is its site.
    url = "" if sample.site == name else f"https://{sample.site}/"
    return {"html": sample.html, "labels": list(sample.labels or ()), "url": url}
