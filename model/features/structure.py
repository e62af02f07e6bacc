"""What the markup says of a line: links, tags, neighbours of the same kind, words of classes and ids.

Bare text has none of it: its columns are zero and `html` says so.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, cast
from zlib import crc32

import numpy as np
import numpy.typing as npt

from model.features.characters import Characters, Hashes, Ints, mixed, word_hashes
from model.features.layout import Matrix, distinct
from model.features.words import Bags, hashed
from model.page import Line, Lines, Shape, Structure

HINT_BUCKETS = 1 << 16
# Tags a line's own element is told apart by, and tags it can stand within.
_OWN = (
    "p div span a li h1 h2 h3 h4 h5 h6 td th dt dd figcaption button time strong em small label summary blockquote "
    "pre code article section body cite address"
).split()
_WITHIN = (
    "nav header footer aside article main figure figcaption form table ul ol dl li p blockquote section dialog button "
    "a h1 h2 h3 pre code details address time label td"
).split()
_OWN_COLUMN = {tag: number for number, tag in enumerate(_OWN)}
_WITHIN_BIT = {tag: 1 << number for number, tag in enumerate(_WITHIN)}
# Hashed words kept of the elements above a line, each once and the nearest first: wrappers of the whole page say
# little. Each once, for those that name a look ("flex", "row") come again and again.
_MOST_HINTS = 64
# Of those words, repeated ones counted, so many are looked through: elements may be nested ten thousand deep.
_FARTHEST = 256
# Words are split at punctuation, digits and camel case; longer ones are no words but keys.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LONGEST = 24
_MOST_WORDS = 12

_GROUPS = (
    ("path", "with the same tags and classes above"),
    ("parent", "in the same parent"),
    ("grand", "in the same grandparent"),
)

COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("html", "0/1", "the page came as HTML"),
    ("linked", "share", "characters inside links"),
    ("emphasised", "share", "characters inside b, em and the like"),
    ("inlined", "log1p", "inline elements opened in the line"),
    ("inlined_rate", "per word", "the same for each word"),
    ("gap", "log1p", "block boundaries crossed since the line above"),
    ("gap_after", "log1p", "block boundaries crossed before the line below"),
    ("depth", "elements", "elements above the line, over 20"),
    ("depth_step", "elements", "its change from the line above, over 5"),
    *((f"own_{tag}", "0/1", f"the innermost element is {tag}") for tag in _OWN),
    *((f"within_{tag}", "0/1", f"an element above is {tag}") for tag in _WITHIN),
    ("title_share", "share", "words of the line that stand in the title the head declares"),
    ("title_cover", "share", "words of that title that stand in the line"),
    *(
        column
        for scope, meaning in _GROUPS
        for column in (
            (f"{scope}_lines", "log1p", f"lines {meaning}"),
            (f"{scope}_words", "log1p", f"words of the lines {meaning}"),
            (f"{scope}_mean", "log1p", f"mean words of the lines {meaning}"),
            (f"{scope}_linked", "share", f"mean link share of the lines {meaning}"),
            (f"{scope}_marks", "per word", f"mean marks for each word of the lines {meaning}"),
            (f"{scope}_above", "0/1", f"the line above is {meaning}"),
        )
    ),
)  # fmt: skip


@lru_cache(maxsize=65536)
def _words(tag: str, hints: str) -> tuple[str, ...]:
    """An element's tag and the lower-cased words of its hints, each once."""
    words = dict.fromkeys(chain.from_iterable(map(_parts, hints.split())))
    return (f"<{tag}>", *list(words)[:_MOST_WORDS])


@lru_cache(maxsize=65536)
def _parts(name: str) -> tuple[str, ...]:
    """The lower-cased words of one name of a class or the like."""
    # Thousands of them are kept: tuples of strings are nothing the garbage collector goes through, lists are.
    return tuple([word.lower() for word in _WORD.findall(name) if len(word) <= _LONGEST])


@lru_cache(maxsize=65536)
def _hash(level: int, word: str) -> int:
    """The hash of a word, another one at each level above a line."""
    return crc32(f"{level} {word}".encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=65536)
def _hashes(tag: str, hints: str, level: int) -> tuple[int, ...]:
    """Hashes of an element's tag and hint words, told apart by `level`."""
    return tuple([_hash(level, word) for word in _words(tag, hints)])


class _Alike(NamedTuple):
    """Shapes with the same tag and hint words below such: a number that tells them apart from others.

    `own` is the column of their tag, -1 if it has none, `bits` are those of the tags, `words` the hashed words, of the
    shapes and all above them, the nearest first.
    """

    number: int
    depth: int
    own: int
    bits: int
    words: tuple[int, ...]


class _Shapes:
    """What is known of the shapes of a page's elements, reckoned once for all alike."""

    def __init__(self) -> None:
        self._known: dict[int, _Alike] = {}
        self._alike: dict[tuple[int, tuple[str, ...]], _Alike] = {}

    def alike(self, shape: Shape) -> _Alike:
        """Those like `shape`."""
        known = self._known
        found = known.get(id(shape))
        if found is not None:
            return found
        path = []
        step: Shape | None = shape
        while step is not None and id(step) not in known:
            path.append(step)
            step = step.parent
        found = known[id(step)] if step is not None else _Alike(0, 0, -1, 0, ())
        for step in reversed(path):
            known[id(step)] = found = self._below(found, step)
        return found

    def _below(self, above: _Alike, shape: Shape) -> _Alike:
        """Those like `shape`, which stands below those like `above`."""
        tag, hints, _ = shape
        key = (above.number, _words(tag, hints))
        found = self._alike.get(key)
        if found is None:
            found = self._alike[key] = _Alike(
                len(self._alike) + 1,
                above.depth + 1,
                _OWN_COLUMN.get(tag, -1),
                above.bits | _WITHIN_BIT.get(tag, 0),
                (_hashes(tag, hints, 2) + above.words)[:_FARTHEST],
            )
        return found

    def hints(self, shape: Shape) -> list[int]:
        """Hashed words of a shape, of its parent, and of all from it up, the nearest first."""
        parent = shape.parent or shape
        around = dict.fromkeys(self.alike(shape).words)
        own, outer = _hashes(shape.tag, shape.hints, 0), _hashes(parent.tag, parent.hints, 1)
        return [*own, *outer, *list(around)[:_MOST_HINTS]]


def structure(page: Lines, text: Characters, words: Ints, marks: Matrix) -> tuple[Matrix, Bags]:
    """(n, len(COLUMNS)) and the bags of hint words of a page of n lines with `words` words each.

    Lines whose elements are alike share a bag; those of bare text an empty word.
    """
    n = len(page.lines)
    if page.lines[0].structure is None:
        empty = hashed(np.zeros(1, np.uint64), np.ones(1, np.int64), np.zeros(n, np.int64), HINT_BUCKETS)
        return np.zeros((n, len(COLUMNS)), np.float32), empty
    shapes = _Shapes()
    numbers, firsts = _facts(page.lines, shapes)
    size = np.maximum([len(line.text) for line in page.lines], 1)
    linked, emphasised, inlined, gap, depth, own, bits, path, parent, grand = numbers.T
    share = np.minimum(linked / size, 1)
    some = np.maximum(words, 1)
    first = (
        np.ones(n),
        share,
        np.minimum(emphasised / size, 1),
        np.log1p(inlined),
        np.minimum(inlined / some, 4),
        np.log1p(gap),
        np.log1p(np.append(gap[1:], 0)),
        depth / 20,
        np.diff(depth, prepend=depth[:1]) / 5,
    )
    columns = (
        np.stack(first, axis=1),
        own[:, None] == np.arange(len(_OWN)),
        (bits[:, None] >> np.arange(len(_WITHIN))) & 1,
        np.stack(_titled(page.title, text, some), axis=1),
        *(_grouped(group, words, share, marks) for group in (path, parent, grand)),
    )
    hints = [shapes.hints(shape) for shape in firsts]
    hashes = mixed(np.array(list(chain.from_iterable(hints)), np.uint64), 7)
    bags = hashed(hashes, np.array([len(found) for found in hints]), path, HINT_BUCKETS)
    return np.concatenate(columns, axis=1, dtype=np.float32, casting="unsafe"), bags


def _structure(line: Line) -> Structure:
    """What the markup says of a line; all lines of a page have that, or none has."""
    return cast("Structure", line.structure)


def _facts(lines: Sequence[Line], shapes: _Shapes) -> tuple[Ints, list[Shape]]:
    """(n, 10) numbers of n lines, in the order `structure` takes them apart, and a shape of each sort of alike ones.

    The last three number the groups a line is in, from 0 up: of alike elements, of one parent, of one grandparent.
    """
    firsts: list[Shape] = []
    sorts: dict[int, int] = {}
    parents: dict[int, int] = {}
    grands: dict[int, int] = {}
    rows = []
    for line in lines:
        element, *rest = _structure(line)
        shape, above = element
        parent = above or element
        grand = parent.parent or parent
        number, depth, own, bits, _ = shapes.alike(shape)
        path = sorts.setdefault(number, len(sorts))
        if path == len(firsts):
            firsts.append(shape)
        groups = path, parents.setdefault(id(parent), len(parents)), grands.setdefault(id(grand), len(grands))
        rows.append((*rest, depth, own, bits, *groups))
    return np.array(rows, np.int64), firsts


def _titled(title: str, text: Characters, words: Ints) -> tuple[Matrix, Matrix]:
    """Overlap of each line's words with those of the declared title."""
    n = len(words)
    wanted: Hashes = distinct(word_hashes(title))
    if not len(wanted):
        return np.zeros(n, np.float32), np.zeros(n, np.float32)
    at = np.minimum(np.searchsorted(wanted, text.words), len(wanted) - 1)
    hit = wanted[at] == text.words
    share = np.bincount(text.word_line, hit, minlength=n) / words
    pairs = distinct(text.word_line[hit] * len(wanted) + at[hit])
    cover = np.bincount(pairs // len(wanted), minlength=n) / len(wanted)
    return share.astype(np.float32), cover.astype(np.float32)


def _grouped(group: Ints, words: Ints, linked: Matrix, marks: Matrix) -> npt.NDArray[np.float64]:
    """(n, 6): what the lines of a line's group have in common; groups are numbered from 0 up."""
    count = np.bincount(group)
    total = np.bincount(group, words)
    shared = (
        np.log1p(count),
        np.log1p(total),
        np.log1p(total / count),
        np.bincount(group, linked) / count,
        np.bincount(group, marks) / count,
    )
    found = np.zeros((len(group), len(shared) + 1))
    found[:, :-1] = np.stack(shared, axis=1)[group]
    found[1:, -1] = group[1:] == group[:-1]
    return found
