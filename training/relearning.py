"""How fast the model learns a site, and what that costs elsewhere: measured on sites written to be misread.

    python -m training.relearning [BASE [MODEL]]

prints, for 5 and 20 labelled pages of each odd site as HTML and as text, the share of line errors on 25 other
pages that is gone, what the frozen test lost, seconds and memory; then the gate's verdict on shuffled labels.
"""

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from model.artifact import Model, read, shipped
from model.classifier import Classifier
from model.lines.html import html_lines
from model.strip import strip
from training import gate
from training.odd_sites import SITES, page
from training.relearn import relearn
from training.retrain import BASE
from training.samples import Sample
from training.scored import own_page

ASKED = 25
LEARNED = (5, 20)
SHUFFLED = 50
# Pages with these numbers and above are learned; below them they are asked.
_FIRST = 100


@dataclass(frozen=True, slots=True)
class Repair:
    """What learning some pages of a site came to.

    Attributes:
        before, after: share of wrong lines on other pages of the site.
        lost: what the scores of the frozen test fell by, by name.
        verdict: what the gate says.
        seconds: how long it took.
    """

    before: float
    after: float
    lost: dict[str, float]
    verdict: gate.Verdict
    seconds: float

    @property
    def repaired(self) -> float:
        """The share of the errors that is gone."""
        return 1 - self.after / self.before if self.before else 1.0


def as_text(sample: Sample) -> Sample:
    """A sample of HTML as one of the text derived from it."""
    return replace(sample, html=None, text=html_lines(sample.html or "").text)


def pages(site: str, first: int, number: int, *, text: bool) -> list[Sample]:
    """So many pages of an odd site, as HTML or as text."""
    found = [page(site, first + step) for step in range(number)]
    return [as_text(sample) for sample in found] if text else found


def errors(model: Model, samples: Sequence[Sample]) -> float:
    """The share of lines of fully labelled pages that a model gives the wrong label."""
    wrong = lines = 0
    for sample in samples:
        answer = [line.label for line in strip(own_page(sample), model).lines]
        wrong += sum(a is not b for a, b in zip(answer, sample.labels or (), strict=True))
        lines += len(answer)
    return wrong / lines


def repair(base: Path, model: Model, site: str, number: int, *, text: bool) -> Repair:
    """What a model makes of other pages of an odd site after learning `number` of it."""
    begin = time.perf_counter()
    classifier, report = relearn(base, model, pages(site, _FIRST, number, text=text), _silent)
    seconds = time.perf_counter() - begin
    others = pages(site, 0, ASKED, text=text)
    lost = {
        name: report["current"]["frozen"][name] - report["candidate"]["frozen"][name]
        for name in ("word_f1", "macro_f1")
    }
    verdict = gate.judge(report, gate.floors())
    return Repair(errors(model, others), errors(_named(classifier), others), lost, verdict, seconds)


def shuffled(number: int, *, text: bool) -> list[Sample]:
    """So many pages of the odd sites, the labels of each in an order drawn at random."""
    random = Random(0)  # noqa: S311  # nothing here is secret
    found = []
    for step in range(number):
        (sample,) = pages(list(SITES)[step % len(SITES)], _FIRST + step, 1, text=text)
        labels = list(sample.labels or ())
        random.shuffle(labels)
        found.append(replace(sample, labels=tuple(labels)))
    return found


def _named(classifier: Classifier) -> Model:
    return Model("learned", {}, classifier)


def _silent(sentence: str) -> None:
    pass


def main(arguments: Sequence[str]) -> None:
    """Measure, and print a table."""
    base = Path(arguments[0]) if arguments else BASE
    model = read(Path(arguments[1])) if len(arguments) > 1 else shipped()
    heads = ("site", "seen as", "pages", "errors", "gone", "word F1", "macro-F1", "seconds")
    print("{:8}{:9}{:>5}{:>17}{:>8}{:>9}{:>9}{:>9}  gate".format(*heads))  # noqa: T201
    for site in SITES:
        for text in (False, True):
            for number in LEARNED:
                found = repair(base, model, site, number, text=text)
                print(  # noqa: T201
                    f"{site:8}{'text' if text else 'HTML':9}{number:5}  {found.before:6.1%} > {found.after:6.2%}"
                    f"{found.repaired:8.1%}{-found.lost['word_f1']:+9.4f}{-found.lost['macro_f1']:+9.4f}"
                    f"{found.seconds:9.1f}  {'accepted' if found.verdict.accepted else found.verdict.reasons[0]}",
                    flush=True,
                )
    for text in (False, True):
        begin = time.perf_counter()
        _, report = relearn(base, model, shuffled(SHUFFLED, text=text), _silent)
        verdict = gate.judge(report, gate.floors())
        print(  # noqa: T201
            f"{SHUFFLED} pages with shuffled labels, {time.perf_counter() - begin:.1f} s: "
            f"{'accepted' if verdict.accepted else 'refused'}. {' '.join(verdict.reasons)}"
        )
    print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GB.")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
