"""A page's text as arrays: the class of each character, its words, their hashes.

Everything the word and layout features need is counted here in a few passes over one array of code
points, so that the cost of a line is that of its characters and not that of Python calls.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt

from model.page import Lines

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


class Class(IntEnum):
    """What a character is; each is exactly one of these."""

    UPPER = 0
    LOWER = 1
    LETTER = 2  # without case, in scripts that part words by spaces
    UNSPACED = 3  # of a script without spaces between words: each is a word
    DIGIT = 4
    SPACE = 5
    FULL_STOP = 6
    TERMINAL = 7  # ! ? and the terminal marks of other scripts
    COMMA = 8  # , ; and theirs
    COLON = 9
    QUOTE = 10
    BRACKET = 11
    DASH = 12
    BULLET = 13
    SEPARATOR = 14  # | / \\ » › > ·: what parts the items of a menu on one line
    ELLIPSIS = 15
    COPYRIGHT = 16
    SIGN = 17  # @ # & % + = currencies and other symbols
    OTHER = 18


COUNT = len(Class)
_MARKS = {
    Class.FULL_STOP: ".。．｡।۔።",
    Class.TERMINAL: "!?！？؟‽॥։",
    Class.COMMA: ",;，；、،؛､",
    Class.COLON: ":：",
    Class.QUOTE: "\"'“”„‟‘’‚«‹「」『』`´",
    Class.BRACKET: "()[]{}（）【】［］〈〉《》〔〕",
    Class.DASH: "-–—‐‑‒―",
    Class.BULLET: "•‣◦▪▫●○■□►▶▸*⁃∙◆◇★☆✓✔",
    Class.SEPARATOR: "|/\\»›>·→⟩<",
    Class.ELLIPSIS: "…",
    Class.COPYRIGHT: "©®™℗",
}
# Unicode's general categories; those not named here are OTHER.
_CATEGORIES = {
    Class.UPPER: ["Lu", "Lt"],
    Class.LOWER: ["Ll"],
    Class.LETTER: ["Lm", "Lo", "Mn", "Mc", "Me", "Nl", "No"],
    Class.DIGIT: ["Nd"],
    Class.SIGN: ["Sm", "Sc", "Sk", "So", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"],
}
# Scripts that don't part words by spaces; the ranges of the metrics' token rule.
_UNSPACED = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7AF), (0x0E00, 0x0E7F))
# Words are of characters of the first classes, up to this one.
_WORDLIKE = Class.DIGIT
_PLANE = 0x10000
_USUAL = 1 << 16  # characters that few pages have more of
_IDEOGRAPHS = 0x20000  # from here on the planes above the first hold ideographs
_PAIR = np.uint64(31)
_MULTIPLIER = 0x9E3779B97F4A7C15  # 2^64 over the golden ratio, odd
_BASE = 0xD6E8FEB86659FD93  # odd, so that it has an inverse modulo 2^64
_INVERSE = pow(_BASE, -1, 1 << 64)


@cache
def _tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint64]]:
    """The class and the folded code (lower case, every digit 0) of each code point of the first plane.

    A class follows from the general category; what stands later here overrules what stands earlier.
    """
    plane = [chr(code) for code in range(_PLANE)]
    categories = np.array([unicodedata.category(character) for character in plane])
    classes = np.full(_PLANE, Class.OTHER, np.uint8)
    for kind, members in _CATEGORIES.items():
        classes[np.isin(categories, members)] = kind
    classes[ord("_")] = Class.LETTER
    classes[[character.isspace() for character in plane]] = Class.SPACE
    for low, high in _UNSPACED:
        classes[low : high + 1] = Class.UNSPACED
    for kind, marks in _MARKS.items():
        classes[[ord(mark) for mark in marks]] = kind
    folded = np.arange(_PLANE, dtype=np.uint64)
    capitals = np.flatnonzero(classes == Class.UPPER)
    folded[capitals] = [ord(plane[code].lower()[0]) for code in capitals]
    folded[classes == Class.DIGIT] = ord("0")
    return classes, folded


def _powers_to(most: int) -> tuple[Hashes, Hashes]:
    """What `_powers` gives for `most` or more."""
    return _usual_powers() if most <= _USUAL else _powers(most)


@cache
def _usual_powers() -> tuple[Hashes, Hashes]:
    return _powers(_USUAL)


def _powers(most: int) -> tuple[Hashes, Hashes]:
    """Powers 0 to `most` of the base of words' hashes, and of its inverse."""
    powers = np.full(most + 1, _BASE, np.uint64)
    inverses = np.full(most + 1, _INVERSE, np.uint64)
    powers[0] = inverses[0] = 1
    return np.cumprod(powers), np.cumprod(inverses)


def mixed(hashes: Hashes, salt: int) -> Hashes:
    """`hashes` scattered over 64 bits, differently for each `salt` (the finaliser of MurmurHash3)."""
    found = hashes + np.uint64((salt * _MULTIPLIER) & 0xFFFFFFFFFFFFFFFF)
    found ^= found >> np.uint64(33)
    found *= np.uint64(0xFF51AFD7ED558CCD)
    found ^= found >> np.uint64(33)
    found *= np.uint64(0xC4CEB9FE1A85EC53)
    found ^= found >> np.uint64(33)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Characters:
    """A page of n lines and w words as arrays.

    Attributes:
        counts: (n, COUNT) how many characters of each class stand from a line's first to its last.
        first, last: (n,) class of the first and the last character that is no white space.
        indent: (n,) characters of white space before the first.
        size: (n,) characters between those two, both included.
        blank_before: (n,) empty lines above the line.
        words: (w,) hash of each word: lower case, every digit a zero.
        word: (w,) its number among the page's distinct words.
        word_line: (w,) the line each word stands in.
        word_size: (w,) characters of each word.
        word_class: (w,) class of each word's first character.
        glued: (n,) places where a lower-case letter meets a capital or a digit inside a word.
        line_hash: (n,) hash of the line's words in order.
    """

    counts: Ints
    first: Ints
    last: Ints
    indent: Ints
    size: Ints
    blank_before: Ints
    words: Hashes
    word: Ints
    word_line: Ints
    word_size: Ints
    word_class: Ints
    glued: Ints
    line_hash: Hashes


def paired(words: Hashes) -> Hashes:
    """A hash of each word with the one behind it: one fewer than there are words."""
    return words[:-1] * _PAIR + words[1:]


def word_hashes(texts: Sequence[str]) -> list[Hashes]:
    """The hash of each word of each text, as `Characters.words` has it."""
    _, classes, fold = _classified("\n".join(texts))
    begins, finishes = _bounds(classes)
    ends = np.cumsum([len(text) + 1 for text in texts])
    return np.split(_hashes(fold, begins, finishes), np.searchsorted(begins, ends[:-1]))


def _classified(text: str) -> tuple[Ints, npt.NDArray[np.uint8], Hashes]:
    """The code points of a text, the class of each, and each in lower case with digits as zeros."""
    table, folded = _tables()
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    high = points >= _PLANE
    if not high.any():
        return points, table[points], folded[points]
    # Above the first plane: ideographs are words, all else (emoji for the most part) a sign.
    low = np.where(high, 0, points)
    above = np.where(points >= _IDEOGRAPHS, Class.UNSPACED, Class.SIGN)
    classes = np.where(high, above, table[low]).astype(np.uint8)
    return points, classes, np.where(high, points, folded[low].astype(np.int64)).astype(np.uint64)


def _bounds(classes: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Where each word begins, and behind its last character; in unspaced scripts each character is one."""
    wordlike = classes <= _WORDLIKE
    alone = classes == Class.UNSPACED
    spaced = wordlike & ~alone
    begins, finishes = wordlike.copy(), wordlike
    begins[1:] &= alone[1:] | ~spaced[:-1]
    finishes[:-1] &= alone[:-1] | ~spaced[1:]
    return np.flatnonzero(begins), np.flatnonzero(finishes) + 1


def _hashes(fold: Hashes, begins: Ints, finishes: Ints) -> Hashes:
    """The hash of each word: the polynomial of its characters, as a difference of prefix sums modulo 2^64."""
    powers, inverses = _powers_to(len(fold))
    sums = np.zeros(len(fold) + 1, np.uint64)
    np.cumsum((fold + np.uint64(1)) * powers[: len(fold)], out=sums[1:])
    return mixed((sums[finishes] - sums[begins]) * inverses[begins], 0)


def characters(page: Lines) -> Characters:
    """The arrays of a page of one line or more."""
    points, classes, fold = _classified(page.text)
    n = len(page.lines)
    starts = np.array([line.start for line in page.lines], np.int64)
    ends = np.append(starts[1:], len(points))

    line_of = np.zeros(len(points), np.int64)
    line_of[starts[1:]] = 1
    np.cumsum(line_of, out=line_of)
    counts = np.bincount(line_of[starts[0] :] * COUNT + classes[starts[0] :], minlength=n * COUNT).reshape(n, COUNT)

    shown = np.flatnonzero(classes != Class.SPACE)
    first_at = shown[np.searchsorted(shown, starts)]
    last_at = shown[np.searchsorted(shown, ends) - 1]
    newlines = np.flatnonzero(points == ord("\n"))
    row = np.searchsorted(newlines, starts)  # the line's number among all, empty ones too

    begins, finishes = _bounds(classes)
    words = _hashes(fold, begins, finishes)
    word_line = line_of[begins]
    edges = np.searchsorted(word_line, np.arange(n + 1))
    place = np.arange(len(words)) - edges[word_line]
    sums = np.zeros(len(words) + 1, np.uint64)
    np.cumsum(words * _powers_to(int(place.max(initial=0)))[0][place], out=sums[1:])
    line_hash = sums[edges[1:]] - sums[edges[:-1]]

    size = last_at - first_at + 1
    # White space before the first character, and newlines behind the last, are not the line's own.
    counts[:, Class.SPACE] += size - counts.sum(axis=1)
    joint = np.zeros(len(points), bool)
    joint[1:] = (classes[:-1] == Class.LOWER) & ((classes[1:] == Class.UPPER) | (classes[1:] == Class.DIGIT))
    return Characters(
        counts=counts,
        first=classes[first_at].astype(np.int64),
        last=classes[last_at].astype(np.int64),
        indent=first_at - starts,
        size=size,
        blank_before=np.diff(row, prepend=-1) - 1,
        words=words,
        word=np.unique(words, return_inverse=True)[1],
        word_line=word_line,
        word_size=finishes - begins,
        word_class=classes[begins].astype(np.int64),
        glued=np.bincount(line_of[joint], minlength=n),
        line_hash=line_hash,
    )
