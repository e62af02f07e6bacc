import json
from pathlib import Path

import numpy as np
import pytest

from model import LABELS, artifact
from model.artifact import Model
from model.classifier import Classifier
from model.errors import TrainingError
from model.label import COLUMN
from tests.training.fixed import fixed
from training.evaluate import WORST, evaluate, measure, mistaken, summary
from training.metrics import Shingles
from training.samples import Sample
from training.scored import Article, Marks, ScoredPage


def marks(gold: str, answer: str, score: float = 0.9) -> Marks:
    columns = [np.array([COLUMN[name] for name in names.split()], np.int64) for names in (gold, answer)]
    n = len(columns[0])
    probabilities = np.full((n, 10), 0.01, np.float32)
    probabilities[np.arange(n), columns[1]] = 0.91
    return Marks(np.arange(n), columns[0], columns[1], np.full(n, score), probabilities)


ABOUT = {"source": "mine", "kind": "news", "language": "en"}


def page(
    name: str, f1: float | None = None, lines: Marks | None = None, rendering: str = "html", **about: str
) -> ScoredPage:
    articles = {} if f1 is None else {rendering: Article(f1, Shingles(round(100 * f1), 100 - round(100 * f1), 0))}
    marked = {} if lines is None else {"html": lines}
    return ScoredPage(id=name, host="a.example", **(ABOUT | about), articles=articles, marks=marked)


def test_articles_are_means_over_pages_in_all_and_by_group() -> None:
    pages = [page("a", 1.0), page("b", 0.5, language="de"), page("c", 0.0, source="other", kind="")]
    found = summary(pages)["articles"]["html"]
    # Shingles: (1 + .5 + 0) hits of 3 pages, 1.5 wrong.
    assert found["all"] == {"pages": 3, "word_f1": 0.5, "median_f1": 0.5, "shingle_f1": round(3 / 4.5, 4)}
    assert {name: part["word_f1"] for name, part in found["source"].items()} == {"mine": 0.75, "other": 0.0}
    assert {name: part["pages"] for name, part in found["kind"].items()} == {"news": 2}
    assert list(found["source and kind"]) == ["mine news", "other"]
    assert found["language"]["de"]["word_f1"] == 0.5


def test_renderings_are_told_apart() -> None:
    found = summary([page("a", 0.5), page("b", 1.0, rendering="bs4")])["articles"]
    assert {name: part["all"]["word_f1"] for name, part in found.items()} == {"html": 0.5, "bs4": 1.0}


def test_lines_count_alike_whatever_their_page() -> None:
    pages = [
        page("a", lines=marks("text text text", "text heading nav")),
        page("b", lines=marks("nav", "nav", 0.5), language="de"),
    ]
    found = summary(pages)["labels"]["html"]
    assert (found["pages"], found["lines"]) == (2, 4)
    assert (found["accuracy"], found["kept_accuracy"]) == (0.5, 0.75)
    # text 1/1 and 1/3: .5; nav 1/2 and 1/1: .667; heading 0; seven others 1.
    assert found["macro_f1"] == round((0.5 + 2 / 3 + 0 + 7) / 10, 4)
    assert found["label"]["text"] == {"precision": 1.0, "recall": 0.3333, "f1": 0.5, "lines": 3, "answered": 1}
    assert np.array(found["confusion"])[COLUMN["text"]].tolist() == [0, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    # Three lines at .9 of which one is right, one at .5 that is right.
    assert found["calibration_error"] == round((3 * (0.9 - 1 / 3) + 0.5) / 4, 4)
    assert [(bin_["lines"], bin_["right"]) for bin_ in found["reliability"]] == [(1, 1.0), (3, 0.3333)]
    assert set(found["curves"]) == {"text", "nav"}
    assert found["language"]["de"]["accuracy"] == 1.0


def test_the_worst_come_first() -> None:
    pages = [page(f"p{number:02}", number / 100) for number in range(30)]
    pages.append(page("labelled", lines=marks("text nav nav text", "nav nav nav nav")))
    pages.append(page("bare", 0.0, rendering="resiliparse"))
    worst = summary(pages)["worst"]
    assert [found["id"] for found in worst["html"]] == [f"p{number:02}" for number in range(WORST)]
    assert [found["id"] for found in worst["resiliparse"]] == ["bare"]


def test_a_page_without_gold_text_is_ranked_by_its_lines() -> None:
    pages = [page("a", 0.6), page("b", lines=marks("text nav", "nav nav")), page("c", 0.4, marks("ad ad", "ad ad"))]
    worst = summary(pages)["worst"]["html"]
    assert [(found["id"], found["word_f1"], found["accuracy"]) for found in worst] == [
        ("c", 0.4, 1.0),
        ("b", None, 0.5),
        ("a", 0.6, None),
    ]
    assert worst[1]["wrong"] == {"text > nav": 1}
    assert set(worst[0]) == {"id", "host", "source", "kind", "language", "word_f1", "accuracy", "wrong"}


def test_mistakes_are_counted_the_commonest_first() -> None:
    found = mistaken(marks("text ad nav nav", "nav ad text text"))
    assert list(found.items()) == [("nav > text", 2), ("text > nav", 1)]


def words_of(value: object) -> set[str]:
    """All strings within a value, keys included."""
    if isinstance(value, dict):
        return {str(key) for key in value}.union(*(words_of(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(words_of(part) for part in value))
    return {value} if isinstance(value, str) else set()


def test_measure_says_no_sentence_of_a_page(tiny_model: Model, few_samples: list[Sample]) -> None:
    report = measure(tiny_model, few_samples, None, ("html", "resiliparse"), jobs=2)
    assert (report["model"], report["fold"], report["pages"]) == ("tiny", None, len(few_samples))
    assert json.loads(json.dumps(report)) == report
    assert list(report["articles"]) == ["html", "resiliparse"]
    assert set(report["labels"]) == {"text", "html"}
    assert report["labels"]["html"]["lines"] == sum(len(sample.labels or ()) for sample in few_samples)
    names = {sample.id for sample in few_samples} | {sample.site for sample in few_samples}
    said = words_of(report) - names
    assert max(map(len, said)) < 25
    assert {word for word in said if word.count(" ") > 2} == set()


def test_measure_does_not_depend_on_processes(tiny_model: Model, few_samples: list[Sample]) -> None:
    one, two = (measure(tiny_model, few_samples[:3], None, ("html",), jobs=jobs) for jobs in (1, 2))
    assert one == two


def test_measure_of_a_fold() -> None:
    samples = [Sample(f"{fold}", "a.example", fold, text="It fell.", gold="It fell.") for fold in (0, 1, 1)]
    assert measure(fixed("text"), samples, 1, jobs=1)["pages"] == 2
    with pytest.raises(TrainingError, match="No sample in fold 3 has gold text or labels"):
        measure(fixed("text"), samples, 3, jobs=1)


def test_nothing_to_measure_on() -> None:
    with pytest.raises(TrainingError, match="No sample has gold text or labels"):
        measure(fixed("text"), [Sample("a", "a.example", 0, "<p>It fell.")], None, jobs=1)


def test_evaluate_writes_and_prints(
    tiny_classifier: Classifier, tmp_path: Path, root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    artifact.write(tmp_path / "model", tiny_classifier, {}, {"date": "2026-11-22"})
    pages = [root / "training/samples/fernhillmuseum-page-not-found.html"]
    report = evaluate(tmp_path / "model", pages, out=tmp_path / "report")
    assert json.loads((tmp_path / "report/report.json").read_text()) == report
    assert (tmp_path / "report/report.html").read_text().startswith("<!doctype html>")
    out, err = capsys.readouterr()
    assert "Articles by source" in out
    assert all(str(label) in out for label in LABELS)
    assert "flatter" in err
