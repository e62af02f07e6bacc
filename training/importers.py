"""Files to samples: annotated HTML, samples as JSON lines, labelled pages and corpora with gold text.

Formats are told apart by their content; docs/training.md describes each.
"""

import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from model.errors import SampleError
from model.label import COLUMN, Label
from model.lines.html import html_lines
from model.lines.text import text_lines
from model.page import Elements, Line
from training.hashed import OTHERS, labels_of, pairs_of
from training.renderings import RENDERINGS
from training.samples import FOLDS, SAMPLES, Sample, fold_of, site_of

# What fields of a JSON object may be; those that are null count as not given.
_TYPES: dict[str, type | tuple[type, ...]] = {
    "id": (str, int), "url": str, "set": str, "source": str, "kind": str, "lang": str, "language": str,
    "html": str, "text": str, "gold": str, "article": str, "labels": (list, str), "hashes": str,
    "rendering": str, "lines": list, "nodes": list, "fold": int,
}  # fmt: skip
_NODE = 3
# Pages known by their text nodes alone are read in the languages that other samples have few of.
UNSPACED = frozenset({"ja", "th", "zh"})
ANNOTATION = "data-label"
# An attribute whose value lines come to know of; while annotations are read it carries them, marked.
CARRIER, MARK = "class", f"{ANNOTATION}:"


def read_samples(paths: Iterable[Path]) -> list[Sample]:
    """The samples of all files, folders read through; pages labelled as text joined to their HTML.

    Raises:
        SampleError: a file is missing, or holds what is no sample, or two samples share an id.
    """
    found: dict[str, Sample] = {}
    labelled: list[tuple[str, Sample]] = []
    hashed: list[dict[str, str]] = []
    for path in paths:
        for file in _files(path):
            for source, sample in _read(file):
                if isinstance(sample, dict):
                    hashed.append(sample)
                elif source:
                    labelled.append((source, sample))
                elif sample.id in found:
                    raise SampleError(f"{file}: a second sample has the id {sample.id}. Give each its own.")
                else:
                    found[sample.id] = sample
    for source, sample in labelled:
        page = found.get(source)
        if page is not None and page.labels is not None:
            raise SampleError(f"Page {source} is labelled twice. Give one labelling of it.")
        found[source] = replace(page, text=sample.text, labels=sample.labels) if page else sample
    for record in hashed:
        page = found.get(record["id"])
        if page is not None and record.get("rendering") == OTHERS:
            found[page.id] = replace(page, others=pairs_of(record))
        elif page is not None and page.labels is None:
            found[page.id] = _by_hash(page, record)
    return list(found.values())


def _by_hash(page: Sample, record: dict[str, str]) -> Sample:
    """`page` with the labels that a record has by hash: of its own lines, or of those of a rendering it names."""
    if page.html is None:
        return page
    rendering = record.get("rendering")
    if rendering and rendering not in RENDERINGS:
        raise SampleError(f"Labels of {page.id}: {rendering} is no rendering; they are {', '.join(RENDERINGS)}.")
    text = RENDERINGS[rendering](page.html) if rendering else None
    found = html_lines(page.html) if text is None else text_lines(text)
    return replace(page, text=text, labels=labels_of(record, [line.text for line in found.lines]), by_hash=True)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.name.endswith((".html", ".jsonl", ".ndjson", ".jsonl.xz")))
    if not path.is_file():
        raise SampleError(f"{path}: no such file or folder of samples.")
    return [path]


def _read(file: Path) -> Iterator[tuple[str, Sample | dict[str, str]]]:
    """Samples of a file, each with the id of the page it belongs to where that is another record.

    Labels by hash come as they are: they are matched when their page is there.
    """
    if file.suffix == ".html":
        try:
            source = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SampleError(f"{file}: can't be read as UTF-8 text ({error}).") from error
        yield "", annotated(source, file.stem)
        return
    for where, record in _objects(file):
        _check(record, where)
        if record.get("hashes") is not None:
            yield "", record
        elif record.get("nodes") is None:
            yield _record(record, file, where)
        elif record.get("lang") in UNSPACED:
            yield _record(_joined(record, where), file, where)


def _objects(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The JSON objects of a file, a line each, and where each stands."""
    try:
        with (lzma.open if file.suffix == ".xz" else open)(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{file}, line {number}"
                try:
                    record = json.loads(line)
                except ValueError as error:
                    raise SampleError(f"{where}: not JSON ({error}).") from error
                if not isinstance(record, dict):
                    raise SampleError(f"{where}: a sample is a JSON object.")
                yield where, record
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise SampleError(f"{file}: can't be read as UTF-8 text ({error}).") from error


def _joined(record: dict[str, Any], where: str) -> dict[str, Any]:
    """A record of [tag path, text, 0 or 1] nodes as one of a text, a line a node, and its gold."""
    shown = [(" ".join(text.split()), kept) for path, text, kept in record["nodes"] if " title" not in path]
    return {
        "id": record.get("id") or where,
        "lang": record.get("lang"),
        "text": "\n".join(text for text, _ in shown if text),
        "gold": "\n".join(text for text, kept in shown if text and kept) or None,
    }


def _record(record: dict[str, Any], file: Path, where: str) -> tuple[str, Sample]:
    """A sample of one JSON object, and the id of the page it belongs to, if another."""
    html, text = record.get("html"), record.get("text")
    name = str(record.get("id") or where)
    site = site_of(record.get("url") or "", name)
    fold = record.get("fold")
    source = str(record.get("set") or record.get("source") or file.name.split(".")[0].split("-")[0])
    if html is None and text is None:
        raise SampleError(f"{where}: it has neither text nor html. Give one of them.")
    labels = _labels(record, where)
    gold = record.get("gold") or record.get("article")
    sample = Sample(
        id=name,
        site=site,
        fold=fold_of(site) if fold is None else fold,
        html=html,
        text=None if html is not None else text,
        labels=labels,
        gold=gold,
        source=source,
        kind=str(record.get("kind") or ""),
        language=str(record.get("lang") or record.get("language") or ""),
        captions=source == "wcxb",
    )
    if html is not None and labels is not None:
        n = len(html_lines(html).lines)
        if n != len(labels):
            raise SampleError(f"{where}: {len(labels)} labels for the {n} lines of its HTML. Give each line one.")
    belongs = record.get("source") or "" if text is not None and labels is not None and "set" in record else ""
    return belongs, sample


def _check(record: dict[str, Any], where: str) -> None:
    """Nothing, when every field the importers read has the type they read it as.

    Raises:
        SampleError: one has another.
    """
    for name, kinds in _TYPES.items():
        value = record.get(name)
        if value is not None and not isinstance(value, kinds):
            raise SampleError(f"{where}: {name} is a {type(value).__name__}; docs/training.md says what it must be.")
    if not 0 <= (record.get("fold") or 0) < FOLDS:
        raise SampleError(f"{where}: fold {record['fold']} is none of 0 to {FOLDS - 1}.")
    nodes = record.get("nodes") or []
    if not all(
        isinstance(node, list) and len(node) == _NODE and isinstance(node[0], str) and isinstance(node[1], str)
        for node in nodes
    ):
        raise SampleError(f"{where}: a node is a list of a tag path, a text, and 0 or 1.")
    if record.get("hashes") is not None and not all(
        isinstance(record.get(name), str) for name in ("id", "labels", "hashes")
    ):
        raise SampleError(f"{where}: labels by hash are strings, id, labels and hashes.")


def _labels(record: dict[str, Any], where: str) -> tuple[Label, ...] | None:
    names = record.get("labels")
    if names is None and record.get("lines") is not None:
        names = [line.get("label") if isinstance(line, dict) else None for line in record["lines"]]
    if names is None:
        return None
    for number, name in enumerate(names, 1):
        if not isinstance(name, str) or name not in COLUMN:
            raise SampleError(f"{where}: label {number} is {name!r}; the labels are {', '.join(COLUMN)}.")
    return tuple(Label(name) for name in names)


def annotated(source: str, name: str) -> Sample:
    """A sample of an HTML page whose elements carry `data-label`; a line has that of its nearest element.

    The annotations are taken out of the page before anything is learned from it.

    Raises:
        SampleError: a label is none of the ten, or a line of the page has none.
    """
    tree = LexborHTMLParser(source)
    root = tree.css_first("html")
    about = root.attributes if root is not None else {}
    kind, language = about.get("data-kind") or "", about.get("lang") or ""
    canonical = tree.css_first('link[rel="canonical"]')
    site = site_of((canonical.attributes.get("href") or "") if canonical is not None else "", name)
    labels = _annotations(tree, name)
    return Sample(
        name, site, fold_of(site), html=tree.html, labels=labels, source=SAMPLES, kind=kind, language=language
    )


def _annotations(tree: LexborHTMLParser, name: str) -> tuple[Label, ...]:
    """The label of each line of an annotated page, whose annotations are taken out of it."""
    nodes = tree.css(f"[{ANNOTATION}]")
    before = [node.attributes.get(CARRIER) for node in nodes]
    for node, own in zip(nodes, before, strict=True):
        label = node.attributes[ANNOTATION]
        if label not in COLUMN:
            raise SampleError(f"{name}: {label!r} is no label; the labels are {', '.join(COLUMN)}.")
        node.attrs[CARRIER] = f"{own or ''} {MARK}{label}"
    page = html_lines(tree.html or "")
    for node, own in zip(nodes, before, strict=True):
        del node.attrs[ANNOTATION]
        if own is None:
            del node.attrs[CARRIER]
        else:
            node.attrs[CARRIER] = own
    return tuple(_annotation(line, page.elements, name) for line in page.lines)


def _annotation(line: Line, elements: Elements, name: str) -> Label:
    """The label of the nearest element a line stands in."""
    for shape in elements.path(line.structure.element) if line.structure else ():
        for hint in shape.hints.split():
            if hint.startswith(MARK):
                return Label(hint.removeprefix(MARK))
    raise SampleError(f"{name}: no element above the line {line.text[:60]!r} has {ANNOTATION}. Give body one.")
