"""What a page declares of itself beside its lines: of what kind it is, and texts that some of the lines stand in.

A list of headlines is a site's furniture below an article and the content of an archive: the lines don't tell which,
and what the page says of its kind does. Bare text declares nothing: its columns are zero.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from model.features.characters import Characters, Hashes, Ints, paired, word_hashes
from model.features.layout import Matrix, distinct
from model.page import Lines

# Kinds by the types of Open Graph and schema.org. Each is the same on every line of a page, and there are few pages to
# learn it from: these are broad.
_KINDS = {
    "og_article": "og (article|blog|news.*)",
    "og_website": "og (website|blog)",
    "og_product": "og .*(product|item)s?(.group)?",
    "og_other": "og (?!article|blog|news|website|.*(product|item)).+",
    "type_article": "type (.*article|blogposting|liveblogposting|report|review)",
    "type_list": "type (itemlist|collectionpage|searchresultspage|blog|offercatalog|imagegallery|mediagallery)",
    "type_product": "type (product|productgroup|individualproduct|vehicle|car|book|offer|softwareapplication)",
    "type_forum": "type (discussionforumposting|qapage|question|answer)",
    "type_faq": "type faqpage",
    "type_recipe": "type (recipe|howto)",
    "type_clip": "type (videoobject|podcastepisode|audioobject|clip|tvepisode|movie)",
    "type_event": "type (.*event|jobposting|course|trip|place)",
    "type_business": "type (.*organization|.*business|.*service|.*store|restaurant|hotel|corporation|.*contractor)",
    "type_site": "type website",
    "type_page": "type webpage",
    "type_person": "type (profilepage|person|aboutpage|contactpage)",
    "dated": "dated",
}
_PATTERNS = tuple(map(re.compile, _KINDS.values()))
# Texts that a line shares words with by chance are compared by pairs of neighbouring words.
_BY_WORDS = ("title", "headline", "author")
_BY_PAIRS = ("description", "caption", "body")
_TEXTS = _BY_WORDS + _BY_PAIRS

COLUMNS: tuple[tuple[str, str, str], ...] = (
    *((f"page_{name}", "0/1", f"the page declares a kind like {pattern}") for name, pattern in _KINDS.items()),
    *((f"{name}_share", "share", f"words of the line that stand in the declared {name}") for name in _BY_WORDS),
    *((f"{name}_share", "share", f"pairs of the line's words that stand in the {name}") for name in _BY_PAIRS),
    *((f"{name}_cover", "share", f"words of the declared {name} that stand in the line") for name in _BY_WORDS),
    *((f"{name}_cover", "share", f"pairs of words of that {name} that stand in the line") for name in _BY_PAIRS),
)  # fmt: skip


def statements(page: Lines, text: Characters) -> Matrix:
    """(n, len(COLUMNS)) of a page of n lines."""
    n = len(page.lines)
    found = np.zeros((n, len(COLUMNS)), np.float32)
    if page.lines[0].structure is None:
        return found
    for kind in page.declared.kinds:
        found[:, _columns_of(kind)] = 1
    said = word_hashes([getattr(page.declared, name) for name in _TEXTS])
    by_words = len(_BY_WORDS)
    said[by_words:] = map(paired, said[by_words:])
    pairs = np.flatnonzero(text.word_line[1:] == text.word_line[:-1])
    # Words and pairs of them are looked up at once: both are hashes of 64 bits, which hardly ever meet.
    have = np.concatenate((text.words, paired(text.words)[pairs]))
    line = np.concatenate((text.word_line, text.word_line[pairs]))
    shared, covered, sizes = _overlaps(said, have, line, n)
    counts = [np.bincount(rows, minlength=n) for rows in (text.word_line, text.word_line[pairs])]
    own = np.repeat(counts, (by_words, len(_BY_PAIRS)), axis=0).T
    found[:, len(_KINDS) :] = np.concatenate((shared / np.maximum(own, 1), covered / np.maximum(sizes, 1)), axis=1)
    return found


@lru_cache(maxsize=65536)
def _columns_of(kind: str) -> tuple[int, ...]:
    """The columns that a declared kind sets."""
    return tuple([number for number, pattern in enumerate(_PATTERNS) if pattern.fullmatch(kind)])


def _overlaps(texts: Sequence[Hashes], have: Hashes, line: Ints, n: int) -> tuple[Ints, Ints, Ints]:
    """How many of each line's words each text has, how many of each text's each line has, and how many each text has.

    The first two are (n, texts). `line` is the line that each of the page's words stands in; a text's count once.
    """
    wanted = distinct(np.concatenate(texts))
    if not len(wanted) or not len(have):
        return np.zeros((n, len(texts)), np.int64), np.zeros((n, len(texts)), np.int64), np.zeros(len(texts), np.int64)
    # (wanted, texts): whether a text has a wanted word.
    has = np.zeros((len(wanted), len(texts)), bool)
    for number, text in enumerate(texts):
        has[np.searchsorted(wanted, text), number] = True
    at = np.minimum(np.searchsorted(wanted, have), len(wanted) - 1)
    hit = np.flatnonzero(wanted[at] == have)
    once = distinct(line[hit] * len(wanted) + at[hit])
    return (
        _counted(has[at[hit]], line[hit], n),
        _counted(has[once % len(wanted)], once // len(wanted), n),
        has.sum(axis=0),
    )


def _counted(rows: npt.NDArray[np.bool_], line: Ints, n: int) -> Ints:
    """(n, columns): in how many of each line's rows a column is true."""
    at, column = np.nonzero(rows)
    width = rows.shape[1]
    return np.bincount(line[at] * width + column, minlength=n * width).reshape(n, width)
