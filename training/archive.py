"""The labelled samples people sent, and the pages they asked to be reminded of, in one SQLite file.

A page is known by what it holds: sent again it is the same page, and labelled differently it gets another
revision, the newest of which counts. The source is kept verbatim; what a label belongs to is kept with it, the
text of its line, so that labels find their lines again when a later pagesieve cuts a page into other lines.
"""

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from model.errors import UnknownError
from model.label import LABELS, Label
from model.page import Kind, Page
from training.database import Database

_LAYOUT = """
CREATE TABLE page (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL
);
CREATE TABLE revision (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    page TEXT NOT NULL REFERENCES page ON DELETE CASCADE,
    newest INTEGER NOT NULL,
    labels TEXT NOT NULL,
    lines TEXT NOT NULL,
    host TEXT NOT NULL,
    about TEXT NOT NULL,
    added TEXT NOT NULL
);
CREATE INDEX revision_page ON revision (page);
CREATE INDEX revision_newest ON revision (newest, number);
CREATE TABLE remembered (
    page TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    uncertainty REAL NOT NULL,
    model TEXT NOT NULL
);
CREATE INDEX remembered_uncertainty ON remembered (uncertainty)
"""
# A first line may be the whole page.
_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a sample beside its labels; empty where nobody said it.

    `article` is the text its labels were found with, where it came with that.
    """

    url: str = ""
    source: str = ""
    annotator: str = ""
    article: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A labelled page: `labels`, one for each of `lines`, as revision `number`, newest of the page's `revisions`."""

    id: str
    page: Page
    labels: tuple[Label, ...]
    lines: tuple[str, ...]
    number: int
    added: str
    about: About = field(default_factory=About)

    @property
    def host(self) -> str:
        """The host of its URL, empty without one."""
        return host_of(self.about.url)

    @property
    def title(self) -> str:
        """Its title line, else its first line; empty where it has none."""
        titles = (line for line, label in zip(self.lines, self.labels, strict=True) if label is Label.TITLE)
        found = " ".join(next(titles, next(iter(self.lines), "")).split())
        # Not at a word's end: not every language has spaces.
        return found if len(found) <= _LONGEST_TITLE else f"{found[: _LONGEST_TITLE - 1]}…"

    def counts(self) -> dict[str, int]:
        """How many lines each label has, those without lines left out."""
        found = Counter(self.labels)
        return {label: found[label] for label in LABELS if found[label]}


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page nobody labelled yet. `uncertainty` is the share of its lines that `model` expects to get wrong, 0 to 1."""

    id: str
    page: Page
    url: str
    uncertainty: float
    model: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which samples to list: with a line of `label`, of `host`, older than revision `before`, at most `limit`."""

    label: Label | None = None
    host: str | None = None
    before: int | None = None
    limit: int = 50


def id_of(page: Page) -> str:
    """The name of a page: a hash of its kind and its source."""
    return hashlib.sha256(f"{page.kind}\0{page.source}".encode()).hexdigest()[:24]


def host_of(url: str) -> str:
    """The host name in a URL, lower-cased; empty where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


class Archive:
    """The samples and remembered pages in the folder `home`; any number of processes may use it at once."""

    def __init__(self, home: Path) -> None:
        """Nothing is made yet."""
        self._database = Database(home / "samples.db", _LAYOUT)

    def add(self, page: Page, labels: Sequence[Label], lines: Sequence[str], about: About) -> tuple[Stored, bool]:
        """The sample as it is stored now, and whether anything is new about it.

        What `about` leaves empty is taken from the revision before.

        Raises:
            StorageError: it could not be stored.
        """
        name = id_of(page)
        with self._database.writing() as database:
            row = database.execute(f"{_SELECT} AND page.id = ?", (name,)).fetchone()
            before = None if row is None else _stored(row)
            if before is not None:
                known = asdict(before.about)
                if tuple(labels) != before.labels:
                    known["article"] = ""  # the labels that were found with it are not these
                about = About(**{key: value or known[key] for key, value in asdict(about).items()})
                if (about, tuple(labels), tuple(lines)) == (before.about, before.labels, before.lines):
                    return before, False
                database.execute("UPDATE revision SET newest = 0 WHERE page = ?", (name,))
            else:
                database.execute("INSERT INTO page VALUES (?, ?, ?)", (name, page.kind, page.source))
            stored = Stored(name, page, tuple(labels), tuple(lines), 0, _now(), about)
            cursor = database.execute(
                "INSERT INTO revision (page, newest, labels, lines, host, about, added) VALUES (?, 1, ?, ?, ?, ?, ?)",
                (name, *_columns(stored)),
            )
            database.execute("DELETE FROM remembered WHERE page = ?", (name,))
            return Stored(name, page, stored.labels, stored.lines, cursor.lastrowid or 0, stored.added, about), True

    def get(self, name: str) -> list[Stored]:
        """All revisions of a sample, the newest first.

        Raises:
            UnknownError: there is no such sample.
        """
        with self._database.reading() as database:
            rows = database.execute(f"{_EVERY} WHERE page.id = ? ORDER BY number DESC", (name,)).fetchall()
        if not rows:
            raise _unknown(name)
        return [_stored(row) for row in rows]

    def remove(self, name: str) -> None:
        """Forget a sample with all its revisions.

        Raises:
            UnknownError: there is no such sample.
        """
        with self._database.writing() as database:
            if database.execute("DELETE FROM page WHERE id = ?", (name,)).rowcount == 0:
                raise _unknown(name)

    def choose(self, chosen: Chosen) -> list[Stored]:
        """The newest revisions of the samples chosen, those labelled last first."""
        asked, values = _SELECT, []
        # A label's name is part of no other's only between spaces.
        for condition, value in (
            ("' ' || labels || ' ' LIKE ?", chosen.label and f"% {chosen.label} %"),
            ("host = ?", chosen.host),
            ("number < ?", chosen.before),
        ):
            if value is not None:
                asked += f" AND {condition}"
                values.append(value)
        with self._database.reading() as database:
            rows = database.execute(f"{asked} ORDER BY number DESC LIMIT ?", (*values, chosen.limit)).fetchall()
        return [_stored(row) for row in rows]

    def count(self) -> int:
        """How many samples there are."""
        with self._database.reading() as database:
            return int(database.execute("SELECT count(*) FROM revision WHERE newest").fetchone()[0])

    def all(self) -> Iterator[Stored]:
        """The newest revision of every sample, those labelled first first."""
        with self._database.reading() as database:
            for row in database.execute(f"{_SELECT} ORDER BY number"):
                yield _stored(row)

    def remember(self, page: Page, url: str, uncertainty: float, model: str, most: int) -> None:
        """Keep a page to be suggested; of more than `most` the surest are dropped. A labelled page is not kept."""
        name = id_of(page)
        with self._database.writing() as database:
            if database.execute("SELECT 1 FROM page WHERE id = ?", (name,)).fetchone():
                return
            database.execute(
                "INSERT OR REPLACE INTO remembered VALUES (?, ?, ?, ?, ?, ?)",
                (name, page.kind, page.source, url, uncertainty, model),
            )
            database.execute(
                "DELETE FROM remembered WHERE page IN "
                "(SELECT page FROM remembered ORDER BY uncertainty DESC, page LIMIT -1 OFFSET ?)",
                (most,),
            )

    def suggest(self, limit: int) -> list[Remembered]:
        """Remembered pages, those the model is least sure of first."""
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT * FROM remembered ORDER BY uncertainty DESC, page LIMIT ?", (limit,)
            ).fetchall()
        return [
            Remembered(
                row["page"], Page(row["source"], Kind(row["kind"])), row["url"], row["uncertainty"], row["model"]
            )
            for row in rows
        ]


_EVERY = "SELECT * FROM revision JOIN page ON revision.page = page.id"
_SELECT = f"{_EVERY} WHERE newest"


def _columns(stored: Stored) -> tuple[str, ...]:
    about = json.dumps(asdict(stored.about), ensure_ascii=False)
    lines = json.dumps(stored.lines, ensure_ascii=False)
    return " ".join(stored.labels), lines, stored.host, about, stored.added


def _stored(row: sqlite3.Row) -> Stored:
    about: dict[str, Any] = json.loads(row["about"])
    return Stored(
        row["id"],
        Page(row["source"], Kind(row["kind"])),
        tuple(Label(name) for name in row["labels"].split()),
        tuple(json.loads(row["lines"])),
        row["number"],
        row["added"],
        About(**about),
    )


def _unknown(name: str) -> UnknownError:
    return UnknownError(f"There is no sample {name[:60]!r}; GET /v1/samples or `pagesieve samples list` names them.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
