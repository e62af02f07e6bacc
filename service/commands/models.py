"""Versions on the command line: `pagesieve models`, `publish`, `activate`, `rollback`, and training a new one."""

import getpass
import time
from pathlib import Path

import click

from model.history import By
from service.settings import Settings

# A command imports what it alone needs when it runs.

_PAUSE = 0.2
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_REASON = click.option("--reason", default="", help="Why; told by the history.")
_OVERRIDE = click.option("--override-gate", is_flag=True, help="Even if the gate refuses it; needs --reason.")
_KEEP = click.option("--no-activate", is_flag=True, help="Put it on the shelf, and leave the current version so.")


@click.command()
@click.argument("version", required=False)
def models(version: str | None) -> None:
    """Print the versions and the history, or of one VERSION its manifest and report, as JSON."""
    import json

    from model.store import Shelf
    from service.models import describe, overview

    shelf = Shelf(Settings.from_env().folder)
    if version is not None:
        click.echo(json.dumps(describe(shelf, version), ensure_ascii=False, indent=1))
        return
    told = overview(shelf)
    for row in told["models"]:
        notes = [note for note in ("current", "shipped") if row[note]]
        click.echo("\t".join((row["version"], row["published"] or "", " ".join(notes))))
    for entry in told["history"]:
        click.echo("\t".join((entry["when"], entry["action"], entry["version"], entry["who"], entry["why"])), err=True)


@click.command()
@click.argument("folder", type=_FOLDER)
@_KEEP
@_OVERRIDE
@_REASON
def publish(folder: Path, no_activate: bool, override_gate: bool, reason: str) -> None:
    """Put the version in FOLDER on the shelf and make it current, if the gate accepts its report."""
    from model import artifact
    from model.store import Shelf
    from training import gate

    _check_override(override_gate, reason)
    shelf = Shelf(Settings.from_env().folder)
    manifest = artifact.read_manifest(folder)
    verdict = gate.judge(artifact.read_report(folder), gate.floors())
    reasons = verdict.reasons
    if manifest.get("learned_after") != shelf.current():
        reasons = (f"It was not measured beside the current version, {shelf.current()}.", *reasons)
    if not verdict.accepted or reasons != verdict.reasons:
        _tell(reasons)
        if not override_gate:
            raise click.ClickException("The gate refused it. To publish it still, give --override-gate and --reason.")
        reason = f"the gate overridden: {reason}"
    version = shelf.publish(folder, activate=not no_activate, by=By(_user(), reason))
    click.echo(version)


@click.command()
@click.argument("version")
@_REASON
def activate(version: str, reason: str) -> None:
    """Make VERSION the current one."""
    from model.store import Shelf

    Shelf(Settings.from_env().folder).activate(version, By(_user(), reason))
    click.echo(version)


@click.command()
@_REASON
def rollback(reason: str) -> None:
    """Make the version current again that was so before."""
    from model.store import Shelf

    click.echo(Shelf(Settings.from_env().folder).rollback(By(_user(), reason)))


@click.command()
@click.argument("samples", nargs=-1, type=click.Path(exists=True, path_type=Path), metavar="[SAMPLES]...")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to, with SAMPLES.")
@click.option("--hold-out", is_flag=True, help="Leave the sites of fold 0 out, to measure on them; with SAMPLES.")
@click.option("--base", type=click.Path(dir_okay=False, path_type=Path), help="File for what learning on top takes.")
@_KEEP
@_OVERRIDE
@_REASON
def train(  # noqa: PLR0913, PLR0917  # an argument an option
    samples: tuple[Path, ...],
    out: Path | None,
    hold_out: bool,
    base: Path | None,
    no_activate: bool,
    override_gate: bool,
    reason: str,
) -> None:
    """Learn from the stored samples on top of what ships, or make a version from SAMPLES alone.

    Without SAMPLES this is what POST /v1/trainings does: the version is published if the gate accepts it. With
    SAMPLES a version is trained from them alone and written to the folder --out.
    """
    if bool(samples) != (out is not None):
        raise click.UsageError("SAMPLES and --out belong together; without both, the stored samples are learned from.")
    if out is not None:
        from training.train import train as run

        run(samples, out, hold_out=hold_out, base=base)
        return
    _check_override(override_gate, reason)
    _train_from_archive(no_activate, override_gate, reason)


def _train_from_archive(no_activate: bool, override_gate: bool, reason: str) -> None:
    from service import trainings
    from training.jobs import State, Wish

    settings = Settings.from_env()
    jobs = trainings.of(settings)
    job = trainings.begin(jobs, settings, Wish(not no_activate, override_gate, _user(), reason))
    said = ""
    try:
        while job.state.active:
            time.sleep(_PAUSE)
            job = jobs.get(job.id)
            if job.progress != said:
                said = job.progress
                click.echo(said, err=True)
    except KeyboardInterrupt:
        jobs.cancel(job.id)
        raise
    _tell(job.reasons)
    if job.state is not State.SUCCEEDED:
        raise click.ClickException(
            f"Training {job.id} was {job.state}."
            if job.state is not State.FAILED
            else f"Training {job.id} failed; {jobs.log(job.id)} may tell more."
        )
    click.echo(job.version)


def _tell(reasons: tuple[str, ...]) -> None:
    for reason in reasons:
        click.echo(reason, err=True)


def _check_override(override_gate: bool, reason: str) -> None:
    if override_gate and not reason.strip():
        raise click.UsageError("--override-gate needs a --reason, which the history tells.")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no name for this number
        return ""
