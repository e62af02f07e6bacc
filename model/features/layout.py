"""What a line looks like: lengths, classes of characters, marks at its ends, white space, repetition."""

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
    ("echo", "share", "words of the line that stand in the line above or below too"),
    ("relative", "ratio", "characters over the 95th percentile of the page's lines"),
    ("place", "0-1", "number of the line over the number of lines"),
    ("characters_before", "0-1", "share of the page's characters above"),
    ("lines_before", "log1p", "lines above"),
    ("lines_after", "log1p", "lines below"),
)

NAMES = {name: number for number, (name, _, _) in enumerate(COLUMNS)}


def _log(values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    return np.log1p(np.asarray(values, np.float64))


def distinct(values: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """The distinct values, rising; for a page's few thousand several times as fast as np.unique."""
    found = np.sort(values)
    return found[np.append(True, found[1:] != found[:-1])] if len(found) else found


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
        _echo(page, some),
        np.minimum(page.size / max(1.0, float(np.percentile(page.size, 95))), 2),
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
    """How often a line's words come again, whether they came before, and how long ago."""
    n = len(page.size)
    _, group, times = np.unique(page.line_hash, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    ago = np.zeros(n)
    same = np.flatnonzero(group[order][1:] == group[order][:-1]) + 1
    ago[order[same]] = order[same] - order[same - 1]
    return _log(times[group] - 1), (ago > 0).astype(np.float64), _log(ago)


def _echo(page: Characters, words: Ints) -> npt.NDArray[np.float64]:
    """Share of a line's words that stand in a neighbouring line too."""
    _, word = np.unique(page.words, return_inverse=True)
    n = len(page.size)
    step = int(word.max(initial=0)) + 1
    key = page.word_line * step + word
    known = distinct(key)

    def among(keys: Ints) -> npt.NDArray[np.bool_]:
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.asarray(known[at] == keys) if len(known) else np.zeros(len(keys), bool)

    near = among(key - step) | among(key + step)
    return np.bincount(page.word_line, near, minlength=n) / words
