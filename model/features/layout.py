"""What a line looks like: lengths, classes of characters, marks at its ends, white space, repetition."""

from math import ceil, floor
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from model.features.characters import COUNT, Characters, Class, Ints

Matrix = npt.NDArray[np.float32]
Number = TypeVar("Number", bound=np.integer[Any])

# Classes a line's first and last characters are told apart by.
_ENDS = tuple(Class)
_SHARES = (
    Class.UPPER, Class.LOWER, Class.LETTER, Class.UNSPACED, Class.DIGIT, Class.SPACE, Class.FULL_STOP, Class.TERMINAL,
    Class.COMMA, Class.COLON, Class.QUOTE, Class.BRACKET, Class.DASH, Class.SEPARATOR, Class.SIGN,
)  # fmt: skip
_COUNTED = (
    Class.FULL_STOP, Class.TERMINAL, Class.COMMA, Class.COLON, Class.QUOTE, Class.BRACKET, Class.BULLET,
    Class.SEPARATOR, Class.ELLIPSIS, Class.COPYRIGHT, Class.SIGN, Class.DIGIT,
)  # fmt: skip

# Words from which on a line is hardly ever in another by chance.
_CHANCE = 3

# One row a column: name, unit, meaning. Pages and checks walk these rows.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("characters", "log1p", "characters from the first to the last that is no white space"),
    ("words", "log1p", "words, each character of an unspaced script one"),
    ("long", "0-1", "how near the line is to ten words or more"),
    ("sentence", "0-1", "how near the line is to twenty-five words or more"),
    ("word_size", "characters", "mean size of a word, over 10"),
    ("longest", "log1p", "size of the longest word"),
    ("capitalised", "share", "words that begin with a capital"),
    ("numeric", "share", "words that begin with a digit"),
    ("marks", "per word", "full stops, commas and terminal marks for each word"),
    *((f"share_{c.name.lower()}", "share", "characters of that class among all of the line") for c in _SHARES),
    *((f"count_{c.name.lower()}", "log1p", "characters of that class") for c in _COUNTED),
    *((f"first_{c.name.lower()}", "0/1", "the first character is of that class") for c in _ENDS),
    *((f"last_{c.name.lower()}", "0/1", "the last character is of that class") for c in _ENDS),
    ("glued", "log1p", "places where a lower-case letter meets a capital or a digit in a word"),
    ("indent", "log1p", "white space before the first character"),
    ("indent_step", "signed log1p", "that white space less that of the line above"),
    ("blank_before", "log1p", "empty lines above"),
    ("blank_after", "log1p", "empty lines below"),
    ("times", "log1p", "lines of the page with the same words, this one not counted"),
    ("seen", "0/1", "a line above has the same words"),
    ("since_seen", "log1p", "lines since the last with the same words; 0 where there is none"),
    ("until_seen", "log1p", "lines until the next with the same words; 0 where there is none"),
    ("echo_above", "share", "words of the line that stand in the line above too"),
    ("echo_below", "share", "words of the line that stand in the line below too"),
    ("cover_above", "share", "words of the line above that stand in the line"),
    ("cover_below", "share", "words of the line below that stand in the line"),
    ("top_share", "share", "words of the line that stand in the page's first; of the first, those of its likest"),
    ("top_cover", "share", "distinct words of the page's first line that stand in the line; of the first, likewise"),
    ("relative", "ratio", "characters over the 95th percentile of the page's lines"),
    ("place", "0-1", "number of the line over the number of lines"),
    ("characters_before", "0-1", "share of the page's characters above"),
    ("lines_before", "log1p", "lines above"),
    ("lines_after", "log1p", "lines below"),
)

NAMES = {name: number for number, (name, _, _) in enumerate(COLUMNS)}


def _high(sizes: Ints) -> float:
    """Their 95th percentile; what np.percentile says, sooner."""
    at = 0.95 * (len(sizes) - 1)
    low, high = floor(at), ceil(at)
    found = np.partition(sizes, (low, high))
    return float(found[low] + (found[high] - found[low]) * (at - low))


def _log(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    return np.log1p(np.asarray(values, np.float64))


def distinct(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The distinct values, rising; for a page's few thousand several times as fast as np.unique."""
    found = np.sort(values)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


def together(group: npt.NDArray[np.integer[Any]]) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """(n,) lines in the order of their groups' numbers, and whether each is of the group of the one before it."""
    order = np.argsort(group, kind="stable")
    old = np.zeros(len(group), bool)
    old[1:] = group[order[1:]] == group[order[:-1]]
    return order, old


def one_hot(values: Ints, size: int) -> Matrix:
    """(n, size) with a one in the column each value names."""
    return np.eye(size, dtype=np.float32)[values]


def layout(page: Characters) -> Matrix:
    """(n, len(COLUMNS)) of a page of n lines."""
    n = len(page.size)
    counts = page.counts
    words = np.bincount(page.word_line, minlength=n)
    total = np.bincount(page.word_line, page.word_size, minlength=n)
    longest = np.zeros(n, np.int64)
    np.maximum.at(longest, page.word_line, page.word_size)
    capital = np.bincount(page.word_line[page.word_class == Class.UPPER], minlength=n)
    numeric = np.bincount(page.word_line[page.word_class == Class.DIGIT], minlength=n)
    some = np.maximum(words, 1)
    size = np.maximum(page.size, 1)
    marks = counts[:, Class.FULL_STOP] + counts[:, Class.TERMINAL] + counts[:, Class.COMMA]
    indent = _log(page.indent)
    before = _log(page.blank_before)
    number = np.arange(n)
    gone = np.cumsum(page.size) - page.size
    first = (
        _log(page.size),
        _log(words),
        np.minimum(words, 10) / 10,
        np.minimum(words, 25) / 25,
        np.minimum(total / some / 10, 5),
        _log(longest),
        capital / some,
        numeric / some,
        np.minimum(marks / some, 2),
    )
    last = (
        _log(page.glued),
        indent,
        np.diff(indent, prepend=indent[:1]),
        before,
        np.append(before[1:], 0),
        *_repetition(page),
        *_resemblance(page, some),
        np.minimum(page.size / max(1.0, _high(page.size)), 2),
        (number + 1) / n,
        gone / max(1, int(page.size.sum())),
        _log(number),
        _log(n - 1 - number),
    )
    return np.concatenate(
        (
            np.stack(first, axis=1),
            np.minimum(counts[:, _SHARES] / size[:, None], 1),
            _log(counts[:, _COUNTED]),
            one_hot(page.first, COUNT),
            one_hot(page.last, COUNT),
            np.stack(last, axis=1),
        ),
        axis=1,
        dtype=np.float32,
        casting="same_kind",
    )


def _repetition(page: Characters) -> tuple[npt.NDArray[np.float64], ...]:
    """How often a line's words come again, whether they came before, how long ago, and how soon they come again."""
    n = len(page.size)
    order, old = together(page.line_hash)
    again = np.flatnonzero(old)
    group = np.empty(n, np.int64)
    group[order] = np.cumsum(~old) - 1
    ago, ahead = np.zeros(n), np.zeros(n)
    ago[order[again]] = ahead[order[again - 1]] = order[again] - order[again - 1]
    return _log(np.bincount(group)[group] - 1), (ago > 0).astype(np.float64), _log(ago), _log(ahead)


def _resemblance(page: Characters, words: Ints) -> tuple[npt.NDArray[np.float64], ...]:
    """How much of a line is in the lines above and below, how much of them is in it, and the same of the first.

    A caption printed twice, a picture's alternative text above its caption, a browser title above the headline.
    """
    n = len(page.size)
    if not len(page.word):
        return (np.zeros(n),) * 6
    # Words by number and line, once a line: a neighbour that has a word too stands next to it.
    keys = np.sort(page.word * (n + 1) + page.word_line)
    start = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
    times = np.diff(start, append=len(keys))
    word, line = np.divmod(keys[start], n + 1)
    near = np.diff(keys[start]) == 1
    above = np.bincount(line[1:], times[1:] * near, minlength=n) / words
    below = np.bincount(line[:-1], times[:-1] * near, minlength=n) / words
    cover_above, cover_below = np.append(0, below[:-1]), np.append(above[1:], 0)
    first = np.zeros(int(word[-1]) + 1, bool)
    first[word[line == 0]] = True
    inside = first[word]
    share = np.bincount(line, times * inside, minlength=n) / words
    cover = np.bincount(line, inside, minlength=n) / max(1, int(np.count_nonzero(first)))
    # The first line is in itself; what tells is whether another is in it, one long enough not to be by chance.
    others = np.where(words >= _CHANCE, share, 0)
    others[0] = 0
    likest = int(others.argmax())
    share[0], cover[0] = others[likest], cover[likest] if likest else 0
    return above, below, cover_above, cover_below, share, cover
