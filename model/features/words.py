"""The words of lines as hashed features: bags of buckets for a linear model to weigh.

A line's bag holds its words, its pairs of neighbouring words, its first and last two words marked as
such, and the line as a whole (Weinberger et al., "Feature Hashing for Large Scale Multitask Learning",
2009). Digits are zeros, so that dates, times and counters of one shape are one word.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from model.features.characters import Characters, Hashes, Ints, mixed, paired

BUCKETS = 1 << 19
AROUND_BUCKETS = 1 << 16
# Words of very long lines say no more than their first ones: a line's bag is read up to here.
MOST_WORDS = 60

_WORD, _PAIR, _FIRST, _SECOND, _LAST, _LINE = range(1, 7)


class Bags(NamedTuple):
    """Bags of hashed words, and which of them each of n lines has: its own, or one it shares with lines like it.

    `buckets` are those of all bags, one bag's behind another's, `sizes` (bags,) how many each has, one or more.
    `of` (n,) is the bag of each line.
    """

    buckets: npt.NDArray[np.int32]
    sizes: npt.NDArray[np.int32]
    of: npt.NDArray[np.int32]

    @property
    def rows(self) -> npt.NDArray[np.int64]:
        """The bag that each bucket is in; it rises."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def weights(self) -> npt.NDArray[np.float32]:
        """(bags,): what one bucket of a bag counts: one over the root of their number, so that it has length one."""
        return (1 / np.sqrt(self.sizes)).astype(np.float32)


def bags(page: Characters) -> tuple[Bags, Bags]:
    """The bags of a page's lines, and smaller ones of their words alone for the lines around them."""
    n = len(page.size)
    begin = np.searchsorted(page.word_line, np.arange(n))
    end = np.append(begin[1:], len(page.words))
    filled = np.flatnonzero(end > begin)
    within = np.arange(len(page.words)) - begin[page.word_line] < MOST_WORDS
    words, line = page.words[within], page.word_line[within]
    pairs = np.flatnonzero(line[1:] == line[:-1])
    several = filled[end[filled] - begin[filled] > 1]
    plain = mixed(words, _WORD)
    whole = mixed(page.line_hash + page.first.astype(np.uint64), _LINE)
    hashes = (
        plain,
        whole,
        mixed(page.words[begin[filled]], _FIRST),
        mixed(page.words[begin[several] + 1], _SECOND),
        mixed(page.words[end[filled] - 1], _LAST),
        mixed(paired(words)[pairs], _PAIR),
    )
    rows = (line, np.arange(n), filled, several, filled, line[pairs])
    return (
        in_order(np.concatenate(hashes), np.concatenate(rows), n, BUCKETS),
        in_order(np.concatenate(hashes[:2]), np.concatenate(rows[:2]), n, AROUND_BUCKETS),
    )


def in_order(hashes: Hashes, rows: Ints, n: int, buckets: int) -> Bags:
    """A bag for each of `n` lines from hashes in any order."""
    order = np.argsort(rows, kind="stable")
    return hashed(hashes[order], np.bincount(rows, minlength=n), np.arange(n), buckets)


def hashed(hashes: Hashes, sizes: Ints, of: Ints, buckets: int) -> Bags:
    """Bags from their hashes one behind the other, `sizes` (bags,) of each; `of` (n,) is the bag of each line."""
    found = (hashes & np.uint64(buckets - 1)).astype(np.int32)
    return Bags(found, sizes.astype(np.int32), of.astype(np.int32))


def weighed(bag: Bags, table: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, columns): for each line the weighted sum of the table's rows its buckets name."""
    ends = np.zeros(len(bag.sizes) + 1, np.int32)
    np.cumsum(bag.sizes, out=ends[1:])
    ones = np.ones(len(bag.buckets), np.float32)
    found: npt.NDArray[np.float32] = csr_matrix((ones, bag.buckets, ends), (len(bag.sizes), len(table))) @ table
    found *= bag.weights[:, None]
    return found[bag.of]
