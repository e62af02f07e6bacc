"""Labels or gold text carried over to today's lines by the longest common subsequence of words.

Two renderings of a page differ in where lines break, in bullets and in white space, hardly ever in the
words and their order; so words are matched first and lines vote with their matched words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

UNKNOWN = -1

_UNSPACED = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0e7f]"
_TOKEN = re.compile(_UNSPACED + r"|(?:(?!" + _UNSPACED + r")\w)+")
# A line belongs to what matches half of its words: keeping such lines scores .994-.999 against gold.
HALF = 0.5
# The matching's memory is the product of the two lengths in bits; longer pages are not worth it.
MOST_TOKENS = 60_000


def tokens(text: str) -> list[str]:
    """Lower-cased words; every character of an unspaced script is a word of its own."""
    return _TOKEN.findall(text.lower())


def matched(left: Sequence[str], right: Sequence[str]) -> npt.NDArray[np.int64]:
    """(m, 2) positions in `left` and `right` of a longest common subsequence, both rising.

    Empty where either is longer than MOST_TOKENS.
    """
    if max(len(left), len(right)) > MOST_TOKENS:
        return np.zeros((0, 2), np.int64)
    number: dict[str, int] = {}
    coded = [[number.setdefault(token, len(number)) for token in side] for side in (left, right)]
    pairs = [
        np.stack((np.arange(op.src_start, op.src_end), np.arange(op.dest_start, op.dest_end)), axis=1)
        for op in LCSseq.opcodes(*coded)
        if op.tag == "equal"
    ]
    return np.concatenate(pairs) if pairs else np.zeros((0, 2), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Which lines of two lists have matching words: line `source[k]` of one and `target[k]` of the other `times[k]`.

    `size` (lines of the target,) is how many words each target line has.
    """

    source: npt.NDArray[np.int32]
    target: npt.NDArray[np.int32]
    times: npt.NDArray[np.int32]
    size: npt.NDArray[np.int32]

    def carry(self, columns: npt.NDArray[np.int64], kinds: int) -> npt.NDArray[np.int64]:
        """For each target line the column (0 to kinds - 1) most of its matched words have, or UNKNOWN.

        `columns` holds one for each source line. A target line is UNKNOWN where fewer than half of its
        words match, where it has none, or where what it matches is unknown.
        """
        n = len(self.size)
        votes = np.bincount(self.target * (kinds + 1) + columns[self.source] + 1, self.times, n * (kinds + 1))
        votes = votes.reshape(n, kinds + 1)
        enough = (votes.sum(axis=1) >= HALF * self.size) & (self.size > 0)
        return np.where(enough, votes.argmax(axis=1) - 1, UNKNOWN)

    def averaged(self, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """For each target line the mean of the rows of `values`, (source lines, k), that its matched words have.

        Zero where none matches.
        """
        n = len(self.size)
        weighed = values[self.source] * self.times[:, None]
        total = np.stack([np.bincount(self.target, column, n) for column in weighed.T], axis=1)
        hits = np.bincount(self.target, self.times, n)
        return (total / np.maximum(hits, 1)[:, None]).astype(np.float32)

    def covered(self) -> npt.NDArray[np.bool_]:
        """For each target line whether half of its words match."""
        hits = np.bincount(self.target, self.times, len(self.size))
        return (hits >= HALF * self.size) & (self.size > 0)


def align(source: Sequence[str], target: Sequence[str]) -> Alignment:
    """The matching words of two lists of lines."""
    left, left_rows = _flat(source)
    right, right_rows = _flat(target)
    at, to = matched(left, right).T
    width = max(len(target), 1)
    found, times = np.unique(
        np.array(left_rows, np.int64)[at] * width + np.array(right_rows, np.int64)[to], return_counts=True
    )
    size = np.bincount(np.array(right_rows, np.int64), minlength=len(target))
    rows = [numbers.astype(np.int32) for numbers in (found // width, found % width, times, size)]
    return Alignment(*rows)


def _flat(lines: Sequence[str]) -> tuple[list[str], list[int]]:
    """All words of the lines and the line each stands in."""
    found, rows = [], []
    for number, line in enumerate(lines):
        words = tokens(line)
        found += words
        rows += [number] * len(words)
    return found, rows
