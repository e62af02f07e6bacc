"""What ships in place of the pages the model was trained on: their features as numbers, not a word of them.

A train part, which keeps a model that learns something new from losing what it knew, and a frozen test part
of labelled pages of sites that no shipped model was trained on. Numbers are quantised to a byte a column.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from model.classifier import FAMILIES, HINTS, Classifier
from model.errors import TrainingError
from model.features.matrix import Features, Terms
from model.features.words import AROUND_BUCKETS, Bags
from training.dataset import HTML, TEXT, Packed, Pages, View
from training.samples import Sample, is_frozen
from training.teach import first_hand, taught

Arrays = dict[str, npt.NDArray[Any]]
T = TypeVar("T", bound=np.generic)

# Lines of the train part, and the share of them that comes of pages somebody labelled.
LINES, LABELLED = 100_000, 0.75
# Pages longer than this are of neither part: they would fill it with lines of few sites.
_LONGEST = 400
_LEVELS = 255
_BITS = 16


class Base(NamedTuple):
    """Views without names: what a model is held to what it knew by, and what it is tested on."""

    train: tuple[View, ...]
    test: tuple[View, ...]


def held_out(samples: Iterable[Sample]) -> frozenset[str]:
    """The sites of the frozen test: those that are drawn and have a labelled page. No shipped model may see them."""
    return frozenset(sample.site for sample in samples if sample.labels is not None and is_frozen(sample))


def build(pages: Sequence[Pages], classifier: Classifier) -> Arrays:
    """The arrays of a base of prepared pages; `classifier` labels those of the train part that nobody labelled.

    Each page of the train part gives one view, HTML and text in turns; each labelled page of the frozen
    sites its HTML and a text.

    Raises:
        TrainingError: no page is labelled, or all or none are of frozen sites.
    """
    order = sorted(pages, key=lambda page: (zlib.crc32(page.sample.id.encode()), page.sample.id))
    sites = held_out(page.sample for page in pages)
    test = [page for page in order if page.sample.site in sites and _is_tested(page)]
    others = [page for page in order if page.sample.site not in sites]
    labelled = [page for page in others if page.labelled is not None]
    train = _some(labelled, LINES * LABELLED, None)
    train += _some([page for page in others if page.labelled is None], LINES * (1 - LABELLED), classifier)
    if not train or not test:
        raise TrainingError("A base takes labelled pages of frozen sites and of others. Give more samples.")
    return _arrays(train, [view for page in test for view in _views(page, None) if view.rendering in _kinds(page)])


def write(path: Path, arrays: Arrays) -> None:
    """Write the arrays of a base to a file: the same bytes for the same arrays.

    As `numpy.savez_compressed` does, but for the compression: LZMA makes three quarters of what deflate makes.
    """
    with path.open("wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read(path: Path) -> Base:
    """The base in a file.

    Raises:
        TrainingError: it can't be read.
    """
    try:
        # Opened here, for numpy leaves a file open that is no archive.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        return _views_of(arrays)
    except (OSError, ValueError, KeyError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise TrainingError(f"{path}: no base to learn on ({error}). Install pagesieve again.") from error


def _views(page: Pages, teacher: Classifier | None) -> list[View]:
    """The views of a page, labelled by somebody or by a teacher."""
    return first_hand([page]) or (taught([page], teacher) if teacher is not None else [])


def _is_tested(page: Pages) -> bool:
    """Whether the frozen test may hold a page: one that somebody labelled, and none that outweighs many others."""
    return page.labelled is not None and len(page.labelled) <= _LONGEST


def _kinds(page: Pages) -> tuple[str, ...]:
    """The renderings the frozen test has of a page: its HTML, and the text nearest to what was labelled."""
    texts = [name for name in (TEXT, "resiliparse", "own") if name in page.views]
    return tuple(name for name in (HTML, *texts[:1]) if name in page.views)


def _some(pages: Sequence[Pages], most: float, teacher: Classifier | None) -> list[View]:
    """A view each of the first pages that come to so many lines; a site's first page goes before its second."""
    times: dict[str, int] = {}
    turns = []
    for page in pages:
        times[page.sample.site] = times.get(page.sample.site, 0) + 1
        turns.append(times[page.sample.site])
    found: list[View] = []
    lines = 0
    for number in np.argsort(turns, kind="stable"):
        page = pages[int(number)]
        names = [name for name in page.views if name != HTML]
        name = HTML if HTML in page.views and len(found) % 2 == 0 else names[len(found) // 2 % len(names)]
        n = len(page.views[name].numbers)
        if n > _LONGEST:
            continue
        if lines + n > most:
            break
        found += [view for view in _views(page, teacher) if view.rendering == name]
        lines += n
    return found


def _arrays(train: Sequence[View], test: Sequence[View]) -> Arrays:
    views = (*train, *test)
    numbers = np.concatenate([view.packed.open().numbers for view in views])
    low = numbers.min(axis=0)
    step = np.maximum((numbers.max(axis=0) - low) / _LEVELS, np.float32(1e-6))
    (words, some, _), (around, few, _), (hints, many, of) = (
        Bags(*map(np.concatenate, zip(*(view.packed.bags[family] for view in views), strict=True)))
        for family in FAMILIES
    )
    if not np.array_equal(around, _folded(words, some, few)):
        raise TrainingError("The words of the lines around are not the first of a line's own any more; store them too.")
    return {
        "train": np.array(len(train), np.int32),
        "lines": np.array([len(view.columns) for view in views], np.int32),
        "html": np.array([view.rendering == HTML for view in views]),
        "folds": np.array([view.fold for view in views], np.uint8),
        "columns": np.concatenate([view.columns for view in views]).astype(np.int8),
        "weights": np.concatenate([view.weights for view in views]).astype(np.float16),
        "low": low,
        "step": step,
        "numbers": np.rint((numbers - low) / step).astype(np.uint8).T,
        "words": words.astype(np.uint16),
        "words_high": (words >> _BITS).astype(np.uint8),
        "words_sizes": some.astype(np.uint16),
        "around_sizes": few.astype(np.uint16),
        "hints": hints.astype(np.uint16),
        "hints_sizes": many.astype(np.uint16),
        "hints_of": of.astype(np.uint16),
        "hints_bags": np.array([len(view.packed.bags[HINTS].sizes) for view in views], np.int32),
        "terms": np.concatenate([view.packed.terms[0] for view in views]).astype(np.uint16),
        "terms_sizes": np.concatenate(
            [np.bincount(view.packed.terms[1], minlength=len(view.columns)) for view in views]
        ).astype(np.uint16),
    }


def _folded(
    words: npt.NDArray[np.int32], some: npt.NDArray[np.int32], few: npt.NDArray[np.int32]
) -> npt.NDArray[np.int32]:
    """The bags for the lines around: the first `few` of the `some` buckets of each line's own, in fewer buckets."""
    place = np.arange(len(words)) - np.repeat(np.cumsum(some) - some, some)
    return (words[place < np.repeat(few, some)] & (AROUND_BUCKETS - 1)).astype(np.int32)


def _views_of(arrays: Arrays) -> Base:
    lines = arrays["lines"]
    own = np.concatenate([np.arange(n, dtype=np.int32) for n in lines])  # each line's number in its view
    words = arrays["words"].astype(np.int32)
    words |= arrays["words_high"].astype(np.int32) << _BITS
    some, few, many, times = (
        arrays[f"{name}_sizes"].astype(np.int32) for name in ("words", "around", "hints", "terms")
    )
    numbers = arrays["numbers"].T * arrays["step"] + arrays["low"]
    parts = zip(
        _cut(numbers, lines),
        _bags(words, some, lines, own, lines),
        _bags(_folded(words, some, few), few, lines, own, lines),
        _bags(arrays["hints"].astype(np.int32), many, arrays["hints_bags"], arrays["hints_of"].astype(np.int32), lines),
        _bags(arrays["terms"].astype(np.int32), times, lines, own, lines),
        _cut(arrays["columns"].astype(np.int64), lines),
        _cut(arrays["weights"].astype(np.float32), lines),
        arrays["html"],
        arrays["folds"],
        strict=True,
    )
    found = []
    for number, (looks, mine, around, hints, terms, columns, weights, html, fold) in enumerate(parts):
        terms_of_lines = Terms(terms.buckets.astype(np.int64), np.repeat(terms.of, terms.sizes).astype(np.int64))
        packed = Packed.of(Features(looks, mine, around, hints, terms_of_lines))
        found.append(View(f"base {number}", HTML if html else TEXT, int(fold), packed, columns, weights))
    train = int(arrays["train"])
    return Base(tuple(found[:train]), tuple(found[train:]))


def _bags(
    values: npt.NDArray[np.int32],
    sizes: npt.NDArray[np.int32],
    bags: npt.NDArray[np.int32],
    of: npt.NDArray[np.int32],
    lines: npt.NDArray[np.int32],
) -> Iterator[Bags]:
    """Each view's bags, from those of all views; `bags` and `lines` (views,) are how many of each it has."""
    found = _cut(sizes, bags)
    return map(Bags, _cut(values, np.array([part.sum() for part in found])), found, _cut(of, lines))


def _cut(values: npt.NDArray[T], sizes: npt.NDArray[np.integer[Any]]) -> list[npt.NDArray[T]]:
    """`values` cut into parts of the sizes given, one behind the other."""
    return np.split(values, np.cumsum(sizes)[:-1])
