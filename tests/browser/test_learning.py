"""The loop in a browser: correct, save, train, watch, activate, and see the answer change."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from model import artifact
from tests.browser.conftest import Open, fill, go, lines, names
from tests.serving import Server, run_server
from training.archive import Archive

pytestmark = pytest.mark.browser

TEXT = "Home\nA story\nHome again\nAnd again"
# Of a training by the stand-in, on a machine that is busy, in milliseconds.
LONG = 40_000


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory, versions: dict[str, Path]) -> Iterator[Path]:
    """A folder for what is learned, where the version that ships calls every line text, and learning is by rote."""
    folder = tmp_path_factory.mktemp("learning")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PAGESIEVE_MODEL", raising=False)
        patch.setattr(artifact, "SHIPPED", versions["text"])
        patch.setenv("STANDIN_SHIPPED", str(versions["text"]))
        patch.setenv("STANDIN_SECONDS", "1")
        patch.setenv("PAGESIEVE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def learning(taught: Path, root: Path) -> Iterator[Server]:
    """A service with that folder."""
    with run_server(root, "tests.standin") as running:
        yield running


@pytest.fixture
def page(opened: Open, taught: Path, learning: Server) -> Page:
    """Its playground, with no samples."""
    archive = Archive(taught)
    for stored in list(archive.all()):
        archive.remove(stored.id)
    return opened(learning)


def label_all(page: Page, text: str, key: str) -> None:
    """Strip a text and give all its lines a label, by keyboard."""
    fill(page, text)
    expect(lines(page)).to_have_count(len(text.splitlines()))
    page.keyboard.press("j")
    page.keyboard.press("Shift+End")
    page.keyboard.press(key)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save as sample").click()
    expect(page.get_by_role("status")).to_contain_text("Saved as a sample")


def train(page: Page) -> None:
    go(page, "training")
    page.get_by_role("button", name="Start training").click()


def test_the_loop(page: Page) -> None:
    label_all(page, TEXT, "n")
    save(page)
    expect(page.get_by_role("link", name="Samples 1")).to_be_visible()
    train(page)
    expect(page.locator("#run-progress")).to_have_text(re.compile(r"Step \d+ of 10\."), timeout=LONG)
    assert page.locator("#run-progress").get_attribute("aria-live") == "polite"
    expect(page.get_by_role("link", name="Training running")).to_be_visible()
    expect(page.locator("#run-state")).to_have_text("succeeded", timeout=LONG)
    scores = page.get_by_role("row")
    expect(scores.filter(has_text="The article’s words")).to_contain_text("95.00 %")
    expect(scores.filter(has_text="macro-F1")).to_contain_text("same")
    expect(page.locator("#run-reasons")).to_contain_text("Word F1 on the frozen test: 0.95, was 0.95.")
    # It does not answer until it is told to.
    expect(page.locator("#versions > li")).to_have_count(2)
    expect(page.get_by_role("button", name="Roll back")).to_be_hidden()  # nothing was current before
    go(page, "page")
    expect(page.get_by_role("button", name="Strip again")).to_be_hidden()
    fill(page, TEXT)
    expect(page.get_by_role("status")).to_contain_text("4 labelled otherwise than before")
    assert names(page) == ["text"] * 4
    go(page, "training")
    page.get_by_role("button", name="Activate this version").click()
    expect(page.locator("#training > .status")).to_contain_text("answers now")
    expect(page.get_by_role("button", name="Activate this version")).to_be_hidden()
    go(page, "page")
    page.get_by_role("button", name="Strip again").click()
    expect(page.locator("#lines .name")).to_have_text(["nav"] * 4)
    expect(page.get_by_role("button", name="Strip again")).to_be_hidden()
    # A sister page comes out right as well; and all of it can be taken back.
    fill(page, "A sister page\nof the same site")
    expect(page.locator("#lines .name")).to_have_text(["nav"] * 2)
    go(page, "training")
    page.get_by_role("button", name="Roll back").click()
    expect(page.locator("#training > .status")).to_contain_text("Back to version")
    page.get_by_text("History", exact=True).click()
    expect(page.locator("#history-list li").first).to_contain_text("rollback")
    go(page, "page")
    page.get_by_role("button", name="Strip again").click()
    expect(page.locator("#lines .name")).to_have_text(["text"] * 2)


def test_samples_are_listed_opened_and_deleted(page: Page) -> None:
    label_all(page, TEXT, "n")
    page.get_by_label("From", exact=True).fill("https://news.example/a")
    save(page)
    page.get_by_role("button", name="Save as sample").click()
    expect(page.get_by_role("status")).to_contain_text("saved like this before")
    fill(page, "Another page")
    expect(lines(page)).to_have_count(1)
    go(page, "samples")
    row = page.locator("#sample-list li")
    expect(row.locator(".title")).to_have_text("Home")
    expect(row).to_contain_text("news.example")
    expect(row).to_contain_text("4 lines")
    expect(row.get_by_role("img", name="nav 4")).to_be_visible()
    row.get_by_role("button", name="Open").click()
    expect(page.get_by_role("status")).to_contain_text("Your labels. The model has 4 lines otherwise.")
    assert names(page) == ["nav"] * 4
    assert page.get_by_label("A page:").input_value() == TEXT
    assert page.get_by_label("From", exact=True).input_value() == "https://news.example/a"
    go(page, "samples")
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("None yet.")).to_be_visible()
    expect(row).to_have_count(0)


def test_a_training_is_refused_and_one_goes_on_without_the_gate(page: Page) -> None:
    # Of two pages that contradict each other one is held out.
    label_all(page, "One\nTwo\nThree", "c")
    save(page)
    label_all(page, "Four\nFive\nSix", "r")
    save(page)
    train(page)
    expect(page.locator("#run-state")).to_have_text("refused", timeout=LONG)
    expect(page.locator("#training > .status")).to_have_text("The gate refused it, and nothing has changed.")
    expect(page.locator("#run-reasons li").first).to_contain_text("at least 0.6 is asked for")
    versions = page.locator("#versions li").count()
    expect(page.get_by_role("button", name="Activate this version")).to_be_hidden()
    page.get_by_text("The gate is wrong this time").click()
    page.get_by_label("Reason").fill("two kinds of page")
    page.get_by_role("button", name="Train without the gate").click()
    expect(page.locator("#run-state")).to_have_text("running", timeout=LONG)
    expect(page.locator("#run-state")).to_have_text("succeeded", timeout=LONG)
    expect(page.locator("#run-reasons li").first).to_have_text("The gate was overridden, because: two kinds of page")
    expect(page.locator("#versions li")).to_have_count(versions + 1)


def test_a_training_is_cancelled_and_none_without_samples(page: Page) -> None:
    train(page)
    expect(page.locator("#training > .status")).to_contain_text("There are no samples to learn from")
    go(page, "page")
    label_all(page, TEXT, "n")
    save(page)
    train(page)
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#run-state")).to_have_text("cancelled")
    # What runs or ran is found again by who comes back.
    page.reload()
    go(page, "training")
    expect(page.locator("#run-state")).to_have_text("cancelled")


def test_the_token_is_asked_for(opened: Open, taught: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGESIEVE_HOME", str(taught / "guarded"))
    monkeypatch.setenv("PAGESIEVE_TOKEN", "s3cret")
    with run_server(root, "tests.standin") as server:
        page = opened(server)
        button = page.get_by_role("button", name="Save as sample")
        dialog = page.get_by_role("dialog", name="Access")
        button.click()
        expect(dialog).to_contain_text("Writing needs the token")
        page.keyboard.press("Escape")
        expect(page.get_by_role("status")).to_contain_text("the token is needed")
        button.click()
        dialog.get_by_label("Token").fill("another")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("is another one")
        button.click()
        dialog.get_by_label("Token").fill("s3cret")
        dialog.get_by_label("Your name").fill("Ada")
        dialog.get_by_role("button", name="Use").click()
        expect(page.get_by_role("status")).to_contain_text("Saved as a sample")
        go(page, "samples")
        expect(page.locator("#sample-list li")).to_contain_text("by Ada")
        # Once given it is kept, for this tab alone.
        page.reload()
        go(page, "samples")
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(page.get_by_text("None yet.")).to_be_visible()
        assert page.evaluate("localStorage.length") == 0
