"""The command line: `pagesieve`."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from model.errors import PagesieveError
from service.commands import models
from service.commands.samples import samples as samples_group
from service.settings import Settings

# A command imports what it alone needs when it runs: the web server to serve, training to train.
if TYPE_CHECKING:
    from service.ndjson import Line
    from service.wire import Options

_STDIN = "-"
_MEDIA_TYPES = {None: "", "text": "text/plain", "html": "text/html"}
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_SAMPLES = click.Path(exists=True, path_type=Path)


class _Group(click.Group):
    """Commands whose failures on purpose end as one sentence and status 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # click's own signature
        try:
            return super().invoke(ctx)
        except PagesieveError as error:
            raise click.ClickException(str(error)) from error


@click.group("pagesieve", cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pagesieve", prog_name="pagesieve")
def main() -> None:
    """Take a web page, give its article: every line labelled, from HTML or from bare text."""


@main.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False), metavar="[FILE]...")
@click.option("--type", "kind", type=click.Choice(["text", "html"]), help="What FILE holds; found out by default.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "lines"]),
    default="text",
    show_default=True,
    help="How to answer; 'lines' shows the label and score of every line.",
)
@click.option("--keep", metavar="LABELS", help="Labels that make up the text, e.g. title,heading,text,caption.")
@click.option("--ndjson", is_flag=True, help="FILE holds a JSON object a line; one is answered for each.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Processes for --ndjson.")
@click.option("--model", type=_FOLDER, help="Folder of a model version; by default the current one.")
def strip(  # noqa: PLR0913, PLR0917  # an argument an option
    files: tuple[str, ...],
    kind: str | None,
    form: str,
    keep: str | None,
    ndjson: bool,
    jobs: int,
    model: Path | None,
) -> None:
    """Print the article of each FILE, by default of standard input."""
    from service import wire

    settings = _settings(model=model)
    options = wire.parse_options([keep] if keep is not None else [], "")
    paths = files or (_STDIN,)
    if ndjson:
        _refuse_with_ndjson(kind=kind, form=form)
        _strip_ndjson(paths, options, settings, jobs)
    else:
        _strip_files(paths, _MEDIA_TYPES[kind], form, options, settings)


@main.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--workers", type=int, help="Worker processes; 0 for one a core.")
@click.option("--model", type=_FOLDER, help="Folder of a model version; by default the current one.")
def serve(host: str | None, port: int | None, workers: int | None, model: Path | None) -> None:
    """Serve the HTTP interface and the page to try it. Options go before PAGESIEVE_* variables."""
    from service import server

    server.serve(_settings(host=host, port=port, workers=workers, model=model))


@main.command()
@click.argument("model", type=_FOLDER)
@click.argument("samples", nargs=-1, required=True, type=_SAMPLES, metavar="SAMPLES...")
@click.option("--fold", type=int, help="Measure on the sites of this fold alone.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder of the report; build/report.")
def evaluate(model: Path, samples: tuple[Path, ...], fold: int | None, out: Path | None) -> None:
    """Measure the version in the folder MODEL on labelled SAMPLES."""
    from training.evaluate import evaluate as run

    run(model, samples, fold, out)


for _command in (samples_group, models.models, models.publish, models.activate, models.rollback, models.train):
    main.add_command(_command)


def _settings(**given: object) -> Settings:
    """The environment's settings, those given in their place."""
    return replace(Settings.from_env(), **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]


def _read_lines(path: str, limit: int) -> "Iterator[Line]":
    from service import body

    with click.open_file(path, "rb") as source:
        yield from body.read_lines(source, limit)


def _refuse_with_ndjson(kind: str | None, form: str) -> None:
    if kind is not None or form not in {"text", "json"}:
        raise click.UsageError("--ndjson takes JSON objects and gives JSON; leave --type and --format away.")


def _strip_ndjson(paths: tuple[str, ...], options: "Options", settings: Settings, jobs: int) -> None:
    from service import ndjson
    from service.live import load
    from service.progress import watch

    model = load(settings)  # also for many jobs: one that can't be used is told of here, and once
    lines = (line for path in paths for line in _read_lines(path, settings.max_bytes))
    if jobs == 1:
        answers = ndjson.answer_all(lines, options, model)
    else:
        answers = ndjson.answer_in_processes(lines, options, settings, jobs)
    for answer in watch(answers):
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()


def _strip_files(paths: tuple[str, ...], media_type: str, form: str, options: "Options", settings: Settings) -> None:
    from model import strip as strip_page
    from service import body, printer, wire
    from service.live import load
    from service.progress import watch

    model = load(settings)
    show = printer.PRINTERS[form]
    failed = False
    for number, path in enumerate(watch(paths, len(paths))):
        try:
            with click.open_file(path, "rb") as source:
                content = body.read_whole(source, settings.max_bytes)
            job = wire.parse_body(content, media_type, None, options)
        except (PagesieveError, OSError) as error:
            # The other files are still answered.
            click.echo(f"Error: {path}: {error}", err=True)
            failed = True
            continue
        if number and form != "json":
            click.echo()
        show(strip_page(job.page, model), options, None if path == _STDIN else path)
    if failed:
        raise SystemExit(1)
