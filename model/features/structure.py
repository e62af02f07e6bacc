"""What the markup says of a line: links, tags, neighbours of the same kind, words of classes and ids.

Bare text has none of it: its columns are zero and `html` says so.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, cast
from zlib import crc32

import numpy as np
import numpy.typing as npt

from model.features.characters import Ints, mixed
from model.features.layout import Matrix
from model.features.words import Bags, hashed
from model.page import Lines, Shape, Structure

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
    """Shapes with the same tag and hint words below such are alike, and have one number, from 1 up; 0 is what none is.

    Attributes:
        numbers: of each shape.
        facts: by number, how many elements there are from the shapes up, the column of their tag, -1 if it has none,
            and the bits of all the tags.
        words: by number, the hashed words of the shapes and all above them, the nearest first.
    """

    numbers: list[int]
    facts: list[tuple[int, int, int]]
    words: list[tuple[int, ...]]


def _alike(shapes: Sequence[Shape]) -> _Alike:
    """Which of the shapes are alike, and what is known of such."""
    known: dict[tuple[int, tuple[str, ...]], int] = {}
    numbers: list[int] = []
    # First of what is above the body: nothing.
    facts = [(0, -1, 0)]
    words: list[tuple[int, ...]] = [()]
    for outer, tag, hints in shapes:
        above = numbers[outer] if outer >= 0 else 0
        number = known.setdefault((above, _words(tag, hints)), len(facts))
        numbers.append(number)
        if number == len(facts):
            depth, _, bits = facts[above]
            facts.append((depth + 1, _OWN_COLUMN.get(tag, -1), bits | _WITHIN_BIT.get(tag, 0)))
            words.append((_hashes(tag, hints, 2) + words[above])[:_FARTHEST])
    return _Alike(numbers, facts, words)


def _hint_words(shapes: Sequence[Shape], shape: Shape, words: tuple[int, ...]) -> list[int]:
    """Hashed words of a shape, of its parent, and of all from it up, which are `words`, the nearest first."""
    parent = shapes[shape.above] if shape.above >= 0 else shape
    own, outer = _hashes(shape.tag, shape.hints, 0), _hashes(parent.tag, parent.hints, 1)
    return [*own, *outer, *list(dict.fromkeys(words))[:_MOST_HINTS]]


def structure(page: Lines, words: Ints, marks: Matrix) -> tuple[Matrix, Bags]:
    """(n, len(COLUMNS)) and the bags of hint words of a page of n lines with `words` words each.

    Lines whose elements are alike share a bag; those of bare text an empty word.
    """
    n = len(page.lines)
    if page.lines[0].structure is None:
        empty = hashed(np.zeros(1, np.uint64), np.ones(1, np.int64), np.zeros(n, np.int64), HINT_BUCKETS)
        return np.zeros((n, len(COLUMNS)), np.float32), empty
    parents, shapes, sorts = page.elements
    alike = _alike(sorts)
    rows = chain.from_iterable([cast("Structure", line.structure) for line in page.lines])
    element, linked, emphasised, inlined, gap = _columns(rows, len(Structure._fields))
    shape = np.array(shapes)[element]
    number = np.array(alike.numbers)[shape]
    depth, own, bits = _columns(chain.from_iterable(alike.facts), 3)[:, number]
    kinds, firsts, path = np.unique(number, return_index=True, return_inverse=True)
    above = np.array(parents)
    parent = above[element]
    size = np.maximum([len(line.text) for line in page.lines], 1)
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
        *(_grouped(group, words, share, marks) for group in (path, parent, above[parent])),
    )
    hints = [
        _hint_words(sorts, sorts[first], alike.words[number])
        for first, number in zip(shape[firsts].tolist(), kinds.tolist(), strict=True)
    ]
    hashes = mixed(np.array(list(chain.from_iterable(hints)), np.uint64), 7)
    bags = hashed(hashes, np.array([len(found) for found in hints]), path, HINT_BUCKETS)
    return np.concatenate(columns, axis=1, dtype=np.float32, casting="unsafe"), bags


def _columns(numbers: Iterable[int], width: int) -> Ints:
    """(width, rows): the columns of a table whose numbers come row by row."""
    return np.fromiter(numbers, np.int64).reshape(-1, width).T


def _grouped(group: Ints, words: Ints, linked: Matrix, marks: Matrix) -> npt.NDArray[np.float64]:
    """(n, 6): what the lines of a line's group have in common; groups are known by small numbers."""
    count = np.bincount(group)
    some = np.maximum(count, 1)
    total = np.bincount(group, words)
    shared = (
        np.log1p(count),
        np.log1p(total),
        np.log1p(total / some),
        np.bincount(group, linked) / some,
        np.bincount(group, marks) / some,
    )
    found = np.zeros((len(group), len(shared) + 1))
    found[:, :-1] = np.stack(shared, axis=1)[group]
    found[1:, -1] = group[1:] == group[:-1]
    return found
