"""Sites written to be misread: pages of three templates in ever other words, each line's label known.

What is no article on them is prose in whole sentences, and much of what is looks like a menu. They measure
how fast a model learns a site it has not seen (`training.relearning`), and are good for nothing else.
"""

from collections.abc import Callable
from random import Random

from training.importers import annotated
from training.samples import Sample

_SLOTS = {
    "noun": "lantern sluice orchard ferry ledger kiln bell anvil hedge cellar weir harness barrel loom gate chapel "
    "ladder boat oven press saddle clock wagon well mill bridge compass kettle net plough quarry stable tower wharf",
    "adj": "narrow patient copper northern muddy careful hollow borrowed quiet tarred wooden early distant crooked "
    "painted silver damp stubborn winter plain salted heavy second broken cheap yellow long-lost",
    "verb": "mended carried watched sold measured forgot painted emptied followed repaired counted borrowed hauled "
    "guarded rang opened drained turned weighed sketched lifted buried",
    "place": "Harrow Fen|Little Stour|the Lower Quay|Maddox Row|Pell Common|Saint Withy|the Ropewalk|Oxbarn|Grey Ferry"
    "|Tansy Hill|the Old Maltings|Vellum Street|Coldwater|the Salt Steps|Bramley End|Nether Loxley",
    "name": "Edda Marsh|Tobias Quill|Ines Carrow|Walter Pym|Rosa Hale|Jonas Teller|Mabel Orchard|Karim Voss|Greta Stowe"
    "|Hugh Lammas|Petra Nye|Silas Brook|Nadia Finch|Owen Tarrant|Lucy Bell|Marek Dunn",
    "time": "last spring|on Tuesday|before the frost|after the flood|at first light|for eleven years|in the dry summer"
    "|every other week|since the fair|until the tide turned|one wet evening|twice a year",
    "bird": "teal shelduck wigeon redshank curlew dunnock goldcrest siskin brambling fieldfare stonechat kestrel "
    "sparrowhawk gadwall pintail lapwing snipe bittern reedling whimbrel sanderling turnstone",
}
_SENTENCES = (
    "The {adj} {noun} near {place} was {verb} {time}, and nobody in the parish spoke of it again.",
    "{name} {verb} the {noun} {time}, although the {adj} {noun} stood empty at {place}.",
    "When {name} came back to {place}, the {noun} had been {verb} and the {adj} door was shut.",
    "We think a {noun} is worth keeping, however {adj} it looks beside the one at {place}.",
    "It took {name} and two neighbours most of a day to see that the {noun} had been {verb} {time}.",
    "Anyone who has {verb} a {noun} knows how {adj} the evenings at {place} can be.",
    "There is a {adj} story about {place}, a {noun} and a {noun} that {name} {verb} {time}.",
    "Few people at {place} own a {noun} as {adj} as this, and fewer still have {verb} it.",
    "They {verb} every {adj} {noun} from here to {place}, and then they began with the {noun}.",
    "In the end the {noun} was neither {adj} nor lost: {name} had {verb} it {time}.",
    "What the {noun} needed, {name} said, was a {adj} hand and somebody from {place}.",
    "My grandmother {verb} a {noun} at {place} {time}, which is why I keep this {adj} one.",
)  # fmt: skip


class _Writer:
    """Words and sentences drawn by one generator of random numbers."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def word(self, slot: str) -> str:
        words = _SLOTS[slot]
        return self.random.choice(words.split("|") if "|" in words else words.split())

    def fill(self, pattern: str) -> str:
        """`pattern` with every {slot} filled, each by a draw of its own."""
        parts = pattern.split("{")
        filled = [self.word(slot) + rest for slot, _, rest in (part.partition("}") for part in parts[1:])]
        return "".join((parts[0], *filled))

    def prose(self, least: int, most: int) -> str:
        """A paragraph of so many sentences."""
        chosen = self.random.sample(_SENTENCES, self.random.randint(least, most))
        return " ".join(self.fill(sentence) for sentence in chosen)

    def phrase(self) -> str:
        """Two or three words as items of menus have them."""
        pattern = self.random.choice(("{adj} {noun}", "{noun} and {noun}", "{adj} {adj} {noun}", "the {noun}"))
        return self.fill(pattern).capitalize()

    def number(self, least: int, most: int) -> int:
        return self.random.randint(least, most)


def _block(tag: str, label: str, hints: str, *parts: str) -> str:
    return f'<{tag} class="{hints}" data-label="{label}">{"".join(parts)}</{tag}>'


def _log(w: _Writer) -> str:
    """A sightings log: its article is names and counts, linked; its shop and its visitors write prose."""
    entries = []
    for _ in range(w.number(2, 3)):
        entries.append(_block("div", "heading", "hd", w.fill("{place}").removeprefix("the ").capitalize()))
        for _ in range(w.number(4, 9)):
            bird = w.word("bird").capitalize()
            line = w.random.choice((f"{bird} {w.number(1, 90)}", bird, f"{bird}, {w.word('noun')}"))
            entries.append(f'<li class="ob" data-label="text"><a href="/s/{bird}">{line}</a></li>')
    visitors = [_block("div", "comment", "vb", f"<p>{w.prose(1, 3)}</p>") for _ in range(w.number(2, 4))]
    stories = [_block("p", "related", "st", w.prose(1, 2)) for _ in range(w.number(2, 4))]
    return "".join((
        _block("p", "nav", "wl", "You can walk from the hides to the library and read every older day from there."),
        _block("h2", "title", "dy", f"Day {w.number(100, 999)}, {w.phrase().lower()}"),
        _block("p", "byline", "ct", f"Counted by {w.word('name')}"),
        _block("ul", "text", "lg", *entries),
        _block("p", "ad", "sh", "Our shop has something to say to you. ", w.prose(2, 3)),
        "<h3 data-label='related'>Told on other days</h3>",
        *stories,
        "<h3 data-label='comment'>From the visitors' book</h3>",
        *visitors,
        _block("p", "legal", "ft", "We count for pleasure, and what we write down here may be wrong or out of date."),
    ))  # fmt: skip


def _sale(w: _Writer) -> str:
    """A catalogue of lots: its article is numbered goods between bars; the house tells stories around it."""
    lots = []
    for number in range(w.number(8, 16)):
        low = w.number(2, 60) * 10
        lots.append(f"<span class='lt' data-label='text'>{number + 1} | {w.phrase()} | {low}-{low + 40}</span><br>")
        if w.random.random() < 0.2:  # noqa: PLR2004  # one lot in five is told of
            lots.append(f"<i data-label='text'>{w.prose(1, 1)}</i><br>")
    house = [_block("p", "ad", "us", w.prose(2, 4)) for _ in range(w.number(2, 3))]
    sales = [f'<td class="ps" data-label="related">{w.prose(1, 1)}</td>' for _ in range(w.number(2, 4))]
    return "".join((
        _block("div", "ad", "tp", *house),
        _block("div", "title", "nm", f"{w.fill('{place}').removeprefix('the ')} sale {w.number(10, 400)}"),
        _block("div", "byline", "wh", f"{w.word('name')} holds the hammer, {w.number(1, 28)} May"),
        _block("div", "heading", "rm", f"Room {w.random.choice('ABCDE')}"),
        _block("div", "text", "ls", *lots),
        _block("p", "related", "bf", "Sold in this house before"),
        _block("table", "related", "pt", *(f"<tr>{sale}</tr>" for sale in sales)),
        _block("p", "nav", "gt", "If you would rather look at the sales of others, they are kept on the next page."),
        _block("p", "legal", "tm", "Whoever bids is bound by it, and the house answers for nothing not written."),
    ))  # fmt: skip


def _verse(w: _Writer) -> str:
    """A press that prints verse: short lines without stops; letters, notes and a story to buy around them."""
    verses = []
    for _ in range(w.number(3, 5)):
        lines = "".join(f"{w.phrase()}<br>" for _ in range(w.number(3, 5)))
        verses.append(f'<p class="vs" data-label="text">{lines}</p>')
    letters = "".join(
        f"<dt data-label='comment'>{w.word('name')}</dt><dd data-label='comment'>{w.prose(1, 3)}</dd>"
        for _ in range(w.number(2, 5))
    )
    return "".join((
        _block("div", "nav", "mn", "<a href='/a'>Here is where the older leaves are kept</a>"
               "<p><a href='/b'>Somebody reads to you on the second floor</a></p>"),
        _block("div", "title", "tt", w.phrase()),
        _block("div", "byline", "au", f"{w.word('name')}, set by {w.word('name')}"),
        _block("p", "text", "in", w.prose(1, 2)),
        *verses,
        _block("p", "caption", "wd", f"Woodcut: {w.fill('a {adj} {noun} at {place}')}"),
        _block("p", "ad", "bk", w.prose(2, 3), f" It costs {w.number(4, 30)} crowns, bound."),
        _block("dl", "comment", "lt", letters),
        _block("div", "related", "ot", *(f"<p>{w.prose(1, 2)}</p>" for _ in range(w.number(2, 3)))),
        _block("p", "legal", "cr", "These leaves belong to those who wrote them; ask before you print one."),
    ))  # fmt: skip


SITES: dict[str, Callable[[_Writer], str]] = {"log": _log, "sale": _sale, "verse": _verse}


def page(site: str, number: int) -> Sample:
    """The page of that number of an odd site, as HTML with a label for each line; the same at every call."""
    writer = _Writer(Random(f"{site} {number}"))  # noqa: S311  # nothing here is secret
    body = SITES[site](writer)
    url = f"https://odd-{site}.example/{number}"
    source = (
        f'<html lang="en"><head><title>{writer.phrase()}</title><link rel="canonical" href="{url}"></head>'
        f'<body data-label="nav">{body}</body></html>'
    )
    return annotated(source, f"{site}-{number}")
