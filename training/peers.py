"""Other tools under one roof: pages in, their main text and the CPU time it took out, as JSON lines.

    python training/peers.py NAME html|text

Runs in the peers' own environment, so it imports nothing of the project. For each line of standard
input, a JSON list of pages (their HTML, or their bare text), a line of standard output answers:
{"texts": [...], "seconds": CPU time of this process for all of them, "failed": how many raised}. The
first line it writes is {"version": ...}.
"""

import gc
import html
import json
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module, metadata
from typing import Any, NamedTuple, TextIO

Extract = Callable[[str], str]
Batch = Callable[[Sequence[str]], tuple[list[str], int]]

C4_WORDS = 5


class Peer(NamedTuple):
    """A tool: the distribution its version is of, or none for a rule written here, and how it is made ready."""

    distribution: str
    ready: Callable[[], Extract]
    bare: bool = False  # it takes bare text as it is; others get each line as a paragraph


def trafilatura() -> Extract:
    """Trafilatura with its fallbacks, without comments."""
    extract = import_module("trafilatura").extract
    return lambda page: extract(page, include_comments=False) or ""


def trafilatura_fast() -> Extract:
    """Trafilatura without its fallbacks."""
    extract = import_module("trafilatura").extract
    return lambda page: extract(page, include_comments=False, fast=True) or ""


def readability() -> Extract:
    """readability-lxml's article, made text by inscriptis."""
    document, get_text = import_module("readability").Document, import_module("inscriptis").get_text

    def extract(page: str) -> str:
        body = document(page).summary(html_partial=True)
        return str(get_text(body)) if body.strip() else ""

    return extract


def justext() -> Extract:
    """JusText with its English list: it wants one, and nobody tells it a page's language."""
    module = import_module("justext")
    words = module.get_stoplist("English")

    def extract(page: str) -> str:
        found = module.justext(page.encode(), words, encoding="utf8")
        return "\n".join(part.text for part in found if not part.is_boilerplate)

    return extract


def boilerpy3() -> Extract:
    """boilerpy3's extractor for articles."""
    extractor = import_module("boilerpy3.extractors").ArticleExtractor(raise_on_failure=False)
    return lambda page: str(extractor.get_content(page))


def resiliparse() -> Extract:
    """Resiliparse's main content."""
    extract = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda page: str(extract(page, main_content=True, alt_texts=False, list_bullets=True))


def c4_rule() -> Extract:
    """The line rule of the C4 corpus: five words or more, ending in a terminal mark (Raffel et al., 2020)."""
    return lambda page: "\n".join(
        line for line in page.split("\n") if len(line.split()) >= C4_WORDS and line.rstrip()[-1:] in '.!?"”'
    )


def everything() -> Extract:
    """All of the page: what dropping nothing scores."""
    return lambda page: page


PEERS = {
    "trafilatura": Peer("trafilatura", trafilatura),
    "trafilatura fast": Peer("trafilatura", trafilatura_fast),
    "readability-lxml": Peer("readability-lxml", readability),
    "jusText": Peer("jusText", justext),
    "boilerpy3": Peer("boilerpy3", boilerpy3),
    "resiliparse": Peer("resiliparse", resiliparse),
    "C4 rule": Peer("", c4_rule, bare=True),
    "everything": Peer("", everything, bare=True),
}


def for_mode(mode: str) -> list[str]:
    """The names of the peers that take pages as "html", or as "text"."""
    return [name for name, peer in PEERS.items() if mode == "text" or not peer.bare]


def as_html(text: str) -> str:
    """Bare text for tools that want HTML: each non-empty line a paragraph."""
    rows = (f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    return "<html><body>" + "\n".join(rows) + "</body></html>"


def one_by_one(extract: Extract) -> Batch:
    """A function of many pages; a page at which the tool fails gives no text, and is counted."""

    def run(pages: Sequence[str]) -> tuple[list[str], int]:
        texts, failed = [], 0
        for page in pages:
            try:
                texts.append(extract(page))
            except Exception:  # noqa: BLE001  # whatever a peer raises is its answer
                texts.append("")
                failed += 1
        return texts, failed

    return run


def answers(requests: Iterable[Sequence[str]], run: Batch) -> Iterator[dict[str, Any]]:
    """Each request's answer; reading and writing don't count as time."""
    for pages in requests:
        start = time.process_time()
        texts, failed = run(pages)
        yield {"texts": texts, "seconds": time.process_time() - start, "failed": failed}


def speak(version: str, run: Batch, given: TextIO, told: TextIO, wrap: Callable[[str], str] = str) -> None:
    """Answer the requests of `given`, a JSON line each, on `told`, until there are no more.

    Pages go through `wrap` before the clock starts.
    """

    def tell(value: dict[str, Any]) -> None:
        told.write(json.dumps(value) + "\n")
        told.flush()

    # As a service that is set up would: what is loaded is no garbage, whichever the tool.
    gc.collect()
    gc.freeze()
    tell({"version": version})
    for answer in answers(([wrap(page) for page in json.loads(line)] for line in given), run):
        tell(answer)


def main(name: str, mode: str) -> None:
    """Be the peer `name`, for pages as "html" or as "text"."""
    logging.disable(logging.CRITICAL)
    # What a tool prints must not come between the answers.
    told, sys.stdout = sys.stdout, sys.stderr
    peer = PEERS[name]
    version = metadata.version(peer.distribution) if peer.distribution else ""
    wrap = as_html if mode == "text" and not peer.bare else str
    speak(version, one_by_one(peer.ready()), sys.stdin, told, wrap)


if __name__ == "__main__":
    main(*sys.argv[1:3])
