"""Lines corrected by keyboard, by mouse and by touch, and pages that come as files."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from model import Page as Source
from model import strip
from tests.browser.conftest import Open, fill, lines, names
from tests.serving import Server

pytestmark = pytest.mark.browser

WESTERN = '<!doctype html><meta charset="iso-8859-1"><p>Un café fermé</p><p>Deuxième ligne</p>'.encode("cp1252")


def other(label: str) -> tuple[str, str]:
    """A label that is another, and its key."""
    return ("ad", "a") if label != "ad" else ("legal", "l")


def test_lines_are_corrected_by_keyboard_alone(page: Page) -> None:
    before = names(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator("#line-1")).to_be_focused()
    label, key = other(before[1])
    page.keyboard.press(key)
    assert names(page) == [before[0], label, *before[2:]]
    expect(page.locator("#line-1")).to_contain_text(f"was {before[1]}")
    expect(page.locator("#line-1")).to_contain_text("by you")
    expect(page.get_by_role("status")).to_have_text(f"Line 2 is {label}.")
    # A range, one way and back, by letters and by arrows.
    page.keyboard.press("Shift+J")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+K")
    expect(lines(page, selected=True)).to_have_count(2)
    page.keyboard.press("m")
    assert names(page) == [before[0], "comment", "comment", *before[3:]]
    page.keyboard.press("u")
    assert names(page) == [before[0], label, *before[2:]]
    page.keyboard.press("u")
    assert names(page) == before
    page.keyboard.press("u")
    expect(page.get_by_role("status")).to_have_text("Nothing to undo.")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")
    page.keyboard.press("x")
    assert set(names(page)) == {"text"}
    page.keyboard.press("Escape")
    expect(lines(page, selected=True)).to_have_count(1)


def test_what_is_corrected_is_the_article_at_once(page: Page) -> None:
    fill(page, "The first line\nThe second line\nThe third line")
    expect(lines(page)).to_have_count(3)
    for key in "jtjxjl":
        page.keyboard.press(key)
    assert page.locator("#article h4").all_text_contents() == ["The first line"]
    assert page.locator("#article p").all_text_contents() == ["The second line"]
    expect(page.locator("#article-hint")).to_have_text("1 of 3 lines, 3 words.")


def test_keys_count_by_their_place_where_the_alphabet_is_another(page: Page) -> None:
    page.keyboard.press("j")
    for key, code in (("о", "KeyJ"), ("т", "KeyN")):
        page.evaluate(
            "(event) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', event))",
            {"key": key, "code": code, "bubbles": True},
        )
    assert names(page)[1] == "nav"
    expect(page.get_by_role("status")).to_have_text("Line 2 is nav.")


def test_keys_typed_into_a_field_and_shortcuts_label_nothing(page: Page) -> None:
    before = names(page)
    page.keyboard.press("j")
    page.get_by_label("From", exact=True).press_sequentially("ad")
    page.locator("#line-0").click()
    page.keyboard.press("Control+c")
    page.keyboard.press("Alt+l")
    assert names(page) == before


def test_lines_are_corrected_by_mouse(page: Page) -> None:
    button = page.locator("#labels [data-label=caption]")
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Choose a line first")
    page.locator("#line-2").click()
    page.locator("#line-4").click(modifiers=["Shift"])
    button.click()
    assert names(page)[2:5] == ["caption"] * 3
    page.get_by_role("button", name="Undo").click()
    assert names(page)[2:5] != ["caption"] * 3


def test_lines_are_corrected_on_a_phone(browser: Browser, opened: Open, server: Server) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 760}, has_touch=True, is_mobile=True)
    page = opened(server, phone)
    page.locator("#line-2").tap()
    page.get_by_role("button", name="Mark a range").tap()
    page.locator("#line-4").tap()
    page.locator("#labels [data-label=byline]").tap()
    assert names(page)[2:5] == ["byline"] * 3
    # The labels are within reach of a thumb, all of them, and large enough for one.
    for box in (button.bounding_box() for button in page.locator("#labels button").all()):
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert 400 < box["y"] < 760
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator("#article")).to_be_hidden()
    page.get_by_role("button", name="Article").tap()
    expect(page.locator("#article")).to_be_visible()
    expect(page.locator("#lines")).to_be_hidden()


def test_only_the_unsure_lines(page: Page, text_page: str) -> None:
    said = strip(Source.from_text(text_page)).lines
    threshold = sorted(round(100 * line.score) for line in said)[len(said) // 3]
    unsure = [index for index, line in enumerate(said) if line.score < threshold / 100]
    assert 2 <= len(unsure) < len(said)
    page.get_by_label("below").fill(str(threshold))
    toggle = page.get_by_role("button", name="Unsure only")
    expect(toggle).to_contain_text(str(len(unsure)))
    toggle.click()
    shown = lines(page)
    expect(shown).to_have_count(len(unsure))
    # The keys go from one to the next; what is corrected stays, and what is hidden is left alone.
    page.keyboard.press("j")
    page.keyboard.press("Shift+J")
    page.keyboard.press("m")
    expect(shown).to_have_count(len(unsure))
    expected = [line.label for line in said]
    for index in unsure[:2]:
        expected[index] = "comment"  # type: ignore[call-overload]
    assert names(page) == expected
    toggle.click()
    expect(shown).to_have_count(len(said))


def test_corrections_are_not_lost_unasked(page: Page) -> None:
    page.keyboard.press("j")
    label, key = other(names(page)[0])
    page.keyboard.press(key)
    dialog = page.get_by_role("dialog")
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(dialog).to_contain_text("1 correction not saved")
    dialog.get_by_role("button", name="Cancel").click()
    assert names(page)[0] == label
    page.get_by_role("button", name="Strip", exact=True).click()
    dialog.get_by_role("button", name="Strip").click()
    expect(page.get_by_role("status")).to_contain_text("1 labelled otherwise than before")
    assert names(page)[0] != label
    expect(page.locator("#line-0")).to_contain_text(f"was {label}")


def test_a_file_is_dropped(page: Page) -> None:
    transfer = page.evaluate_handle(
        """(bytes) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "page.html", { type: "text/html" }));
            return transfer;
        }""",
        list(WESTERN),
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("#answer", event, {"dataTransfer": transfer})
    expect(page.locator("#lines .text")).to_have_text(["Un café fermé", "Deuxième ligne"])
    assert page.get_by_label("A page:").input_value() == WESTERN.decode("cp1252")


def test_a_file_is_opened(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes("<p>Bare text, \u201cnot markup\u201d".encode("utf-16"))
    page.get_by_label("Open a file").set_input_files(file)
    expect(page.locator("#lines .text")).to_have_text(["<p>Bare text, \u201cnot markup\u201d"])
    page.get_by_label("Open a file").set_input_files(
        {"name": "picture.png", "mimeType": "image/png", "buffer": b"\x89PNG\0\0\0\r" + bytes(range(256)) * 9}
    )
    expect(page.get_by_role("status")).to_contain_text("The bytes are no text")
