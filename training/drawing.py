"""Which lines of views are learned from, and what there is to learn of them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from model.errors import TrainingError
from model.features.layout import Matrix
from model.label import LABELS
from training.dataset import View

Numbers = npt.NDArray[np.float64]
G = TypeVar("G", bound=np.generic)
# Lines drawn from a view: its number, and theirs.
Drawn = tuple[int, npt.NDArray[np.int64]]
# A view of more lines than this counts as the root of their number: a few lists of thousands don't outweigh the rest.
_LONG = 150
_OF_HTML = 4.0  # a line of HTML counts as so many of bare text


def drawn_from(
    views: Sequence[View], chosen: npt.NDArray[np.int64], most: int, seed: int, *, evenly: bool = False
) -> list[Drawn]:
    """About `most` known lines of the chosen views: each view's number and its lines.

    With `evenly` fewer of the lines of a long view, and more of one of HTML: it is but one of a page's nine.
    """
    known = [np.flatnonzero(views[number].known) for number in chosen]
    sizes = np.array([len(lines) for lines in known])
    wanted = np.ones(len(sizes))
    if evenly:
        wanted = evened(sizes, np.array([views[number].packed.html for number in chosen]))
    random = np.random.default_rng(seed)
    found = []
    for number, lines, share in zip(chosen, known, shares(sizes, wanted, most), strict=True):
        some = lines[random.random(len(lines)) < share]
        if len(some):
            found.append((int(number), some))
    return found


def joined(of: Callable[[int], npt.NDArray[G]], drawn: Sequence[Drawn]) -> npt.NDArray[G]:
    """What `of` has for the lines of a view, by its number: of the drawn lines, view by view."""
    return np.concatenate([of(number)[lines] for number, lines in drawn])


def likely_of(views: Sequence[View], drawn: Sequence[Drawn]) -> Matrix:
    """(lines, 10): how likely each label is of drawn lines: the one they have, or what a teacher says."""
    every = np.eye(len(LABELS), dtype=np.float32)
    found = []
    for number, lines in drawn:
        said = views[number].likely
        found.append(every[views[number].columns[lines]] if said is None else said[lines].astype(np.float32))
    return np.concatenate(found)


def input_rows(
    inputs: Callable[[int], Matrix], drawn: Sequence[Drawn], kept: Callable[[Matrix], npt.NDArray[G]]
) -> npt.NDArray[G]:
    """What is `kept` of the inputs of drawn lines, view by view.

    It is filled in place, for a list to join would take the memory twice.

    Raises:
        TrainingError: no line is drawn.
    """
    ends = np.cumsum([len(lines) for _, lines in drawn])
    rows: npt.NDArray[G] | None = None
    for (number, lines), end in zip(drawn, ends, strict=True):
        found = kept(inputs(number)[lines])
        if rows is None:
            rows = np.empty((int(ends[-1]), found.shape[1]), found.dtype)
        rows[end - len(lines) : end] = found
    if rows is None:
        raise TrainingError("No line with a label is left to train on. Give more samples.")
    return rows


def evened(sizes: npt.NDArray[np.int64], html: npt.NDArray[np.bool_]) -> Numbers:
    """(views,): how large a share of each view's lines is wanted beside the others', by how many these are."""
    return np.asarray(np.where(html, _OF_HTML, 1.0) * np.minimum(1, np.sqrt(_LONG / np.maximum(sizes, 1))))


def shares(sizes: npt.NDArray[np.int64], wanted: Numbers, most: int) -> Numbers:
    """(views,): what share of each view's lines is drawn, 0 to 1, so that there are `most`, or all there are.

    `sizes` (views,) are their lines, `wanted` (views,) how large the shares should be beside each other.
    """
    if sizes.sum() <= most:
        return np.ones(len(sizes))
    order = np.argsort(-wanted)  # those first that are the first to give all they have
    order = order[sizes[order] > 0]
    ordered, wants = sizes[order], wanted[order]
    before = np.cumsum(ordered) - ordered
    left = np.cumsum((ordered * wants)[::-1])[::-1]
    # If all before a view give all they have, it and all behind it give this times what is wanted of them.
    scales = (most - before) / left
    found: Numbers = np.minimum(1, scales[np.argmax(scales * wants <= 1)] * wanted)
    return found
