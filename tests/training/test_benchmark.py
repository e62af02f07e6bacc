import io
import json
import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from model import artifact
from model.classifier import Classifier
from model.errors import TrainingError
from training import benchmark, peers
from training.benchmark import Challenge, Tally, challenges, summary, turns
from training.contender import OURS, Answer, Contender, ours, peer
from training.peers import PEERS, Batch, Peer, as_html, for_mode, one_by_one, speak
from training.samples import Sample

# A peer that needs nothing installed: it answers backwards, or does what the page says.
BACKWARDS = f"""
import sys
sys.path.insert(0, {str(Path(peers.__file__).parent.parent)!r})
from training.peers import one_by_one, speak
odd = {{"die": sys.exit, "raise": int}}
run = one_by_one(lambda page: odd[page](page) if page in odd else page[::-1])
speak("1.0", run, sys.stdin, sys.stdout)
"""


def sample(name: str, html: str | None, gold: str | None, fold: int = 0, kind: str = "news") -> Sample:
    return Sample(name, "a.example", fold, html, None if html else "It fell.", None, gold, "mine", kind)


def told(run: Batch, pages: Sequence[Sequence[str]]) -> list[dict[str, object]]:
    out = io.StringIO()
    speak("2.3", run, io.StringIO("".join(json.dumps(batch) + "\n" for batch in pages)), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_peer_says_its_version_and_answers_each_batch() -> None:
    version, first, second = told(one_by_one(str.upper), [["a", "b"], []])
    assert version == {"version": "2.3"}
    assert (first["texts"], first["failed"]) == (["A", "B"], 0)
    assert (second["texts"], second["failed"]) == ([], 0)


def test_a_page_at_which_a_peer_fails_is_counted_and_has_no_text() -> None:
    _, answer = told(one_by_one(lambda page: str(1 / int(page))), [["1", "0", "x", "2"]])
    assert answer["texts"] == ["1.0", "", "", "0.5"]
    assert answer["failed"] == 2


def test_time_is_that_of_computing() -> None:
    def busy(page: str) -> str:
        start = time.process_time()
        while time.process_time() - start < 0.02:
            pass
        time.sleep(0.1)
        return page

    _, answer = told(one_by_one(busy), [["a", "b"]])
    seconds = answer["seconds"]
    assert isinstance(seconds, float)
    assert 0.04 <= seconds < 0.12


def test_wrapping_is_not_timed_and_makes_paragraphs() -> None:
    out = io.StringIO()
    speak("", one_by_one(str), io.StringIO('["a < b\\n\\n \\nc"]\n'), out, as_html)
    assert json.loads(out.getvalue().splitlines()[1])["texts"] == [
        "<html><body><p>a &lt; b</p>\n<p>c</p></body></html>"
    ]


def test_the_rules_that_need_no_tool() -> None:
    text = 'Home page\nIt stood there for long.\nHe said: "It fell down."\nNo mark at the end here\nToo short.'
    assert PEERS["C4 rule"].ready()(text) == 'It stood there for long.\nHe said: "It fell down."'
    assert PEERS["everything"].ready()(text) == text


def test_rules_for_bare_text_are_not_given_html() -> None:
    assert set(for_mode("text")) - set(for_mode("html")) == {"C4 rule", "everything"}
    assert for_mode("html")[:2] == ["trafilatura", "trafilatura fast"]


def test_peers_stand_on_nothing_of_the_project() -> None:
    source = Path(peers.__file__).read_text()
    imports = [line for line in source.splitlines() if line.startswith(("import ", "from "))]
    assert len(imports) > 5
    assert not [line for line in imports if line.split()[1].split(".")[0] in {"model", "service", "training"}]


def test_peers_are_all_locked(root: Path) -> None:
    lock = (root / "requirements/peers.lock").read_text()
    for chosen in PEERS.values():
        if chosen.distribution:
            assert f"\n{chosen.distribution.lower()}==" in f"\n{lock}"


def test_a_peer_runs_in_its_own_interpreter() -> None:
    with peer("C4 rule", "text", Path(sys.executable)) as contender:
        assert (contender.name, contender.version) == ("C4 rule", "")
        assert contender.answer(["It stood there for long.\nHome"]).texts == ("It stood there for long.",)


def test_what_a_tool_prints_is_no_answer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def loud(page: str) -> str:
        print("warning: slow page")  # noqa: T201
        return page

    monkeypatch.setitem(PEERS, "loud", Peer("", lambda: loud))
    monkeypatch.setattr(sys, "stdin", io.StringIO('["a"]\n'))
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(logging.root.manager, "disable", 0)  # which main raises for all of its process
    peers.main("loud", "html")
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line).get("texts") for line in lines] == [None, ["a"]]


def test_a_contender_that_dies_is_told_of() -> None:
    with Contender("backwards", [sys.executable, "-c", BACKWARDS]) as contender:
        answer = contender.answer(["abc", "raise"])
        assert answer == Answer(("cba", ""), answer.seconds, 1)
        with pytest.raises(TrainingError, match="backwards: its process ended"):
            contender.answer(["die"])


def test_a_contender_that_cannot_start_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"trafilatura: \S* can't be started"):
        peer("trafilatura", "html", tmp_path / "python")
    with pytest.raises(TrainingError, match="none: its process ended"):
        Contender("none", [sys.executable, "-c", ""])


def test_pagesieve_is_measured_like_its_peers(tiny_classifier: Classifier, tmp_path: Path, html_page: str) -> None:
    version = artifact.write(tmp_path / "model", tiny_classifier, {}, {"date": "2026-11-22"})
    with ours("html", tmp_path / "model") as contender:
        assert (contender.name, contender.version) == (OURS, version)
        answer = contender.answer([html_page, html_page])
    assert len(answer.texts) == 2
    assert answer.texts[0] == answer.texts[1]
    assert 0 < answer.seconds < 5


def test_challenges_are_pages_with_html_and_a_known_article() -> None:
    samples = [
        sample("a", "<p>It fell.</p>", "It fell."),
        sample("b", "<p>It fell.</p>", None),
        sample("c", None, "It fell."),
        sample("d", "<p>It stood.</p>", "It stood.", fold=1),
    ]
    assert [(found.sample.id, found.text.strip(), found.gold) for found in challenges(samples, None)] == [
        ("a", "It fell.", "It fell."),
        ("d", "It stood.", "It stood."),
    ]
    assert [found.sample.id for found in challenges(samples, 1)] == ["d"]
    with pytest.raises(TrainingError, match="No page has HTML and a known article"):
        challenges(samples, 4)


def test_everyone_gets_every_page_and_nobody_is_always_first() -> None:
    found = list(turns(["a", "b", "c"], 10, size=4))
    assert [name for name, _ in found] == [*"abc", *"bca", *"cab"]
    for name in "abc":
        assert [page for who, part in found if who == name for page in range(10)[part]] == list(range(10))


def test_tallies_of_a_run() -> None:
    given = [
        Challenge(sample("a", "x", "", kind="news"), "abc", "", "cba"),
        Challenge(sample("b", "x", "", kind="forum"), "raise", "", "word"),
    ]
    with Contender("backwards", [sys.executable, "-c", BACKWARDS]) as contender:
        tallies = benchmark.run([contender], given * 20, "html")
    tally = tallies["backwards"]
    assert tally.f1 == [1.0, 0.0] * 20
    assert tally.failed == 20
    assert tally.version == "1.0"


def test_summary() -> None:
    given = [Challenge(sample(name, "x", "", kind=kind), "", "", "") for name, kind in zip("abcd", "nnff", strict=True)]
    found = summary(Tally("1.0", [1.0, 0.5, 0.0, 0.5], 0.02, 1), given)
    assert found["all"] == {"pages": 4, "word_f1": 0.5}
    assert found["source"] == {"mine": {"pages": 4, "word_f1": 0.5}}
    assert found["source and kind"] == {
        "mine f": {"pages": 2, "word_f1": 0.25},
        "mine n": {"pages": 2, "word_f1": 0.75},
    }
    assert (found["ms"], found["pages_per_second"], found["failed"]) == (5.0, 200.0, 1)


def test_a_whole_benchmark(
    tiny_classifier: Classifier,
    tmp_path: Path,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(benchmark, "for_mode", lambda mode: ["C4 rule", "everything"] if mode == "text" else [])
    artifact.write(tmp_path / "model", tiny_classifier, {}, {"date": "2026-11-22"})
    page = root / "training/samples/gazzettadivalmerina-ferrovia-passo-riapre.html"
    arguments = [
        "--peers",
        sys.executable,
        "--model",
        str(tmp_path / "model"),
        "--out",
        str(tmp_path / "out"),
        str(page),
    ]
    benchmark.main(arguments)
    found = json.loads((tmp_path / "out/benchmark.json").read_text())
    assert found["pages"] == 1
    assert found["model"] == found["html"][OURS]["version"]
    assert set(found["text"]) == {OURS, "C4 rule", "everything"}
    assert 0 < found["text"]["everything"]["all"]["word_f1"] < 1
    assert found["html"][OURS]["ms"] > 0
    assert "Beside other tools, from bare text" in capsys.readouterr().out
    assert (tmp_path / "out/report.html").exists()
