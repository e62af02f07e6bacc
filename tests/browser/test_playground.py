"""The playground as a person meets it, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from model import Page as Source
from model import strip
from tests.browser import chromium
from tests.serving import Server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip("NO BROWSER: the playground is NOT tested; install Chromium or Chrome, or run as root on Debian")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The playground, opened; at the end nothing may have gone wrong in it."""
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    yield page
    page.close()
    assert faults == []
    assert asked
    assert all(url.startswith((server.url, "blob:")) for url in asked)


def _is_fault(message: ConsoleMessage) -> bool:
    # An answer that is an error is the browser's to report and the page's to tell.
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def test_the_example_is_stripped(page: Page, text_page: str) -> None:
    stripped = strip(Source.from_text(text_page))
    page.get_by_role("button", name="Try an example").click()
    lines = page.locator("#lines li")
    expect(lines).to_have_count(len(stripped.lines))
    assert lines.locator(".text").all_text_contents() == [line.text for line in stripped.lines]
    assert lines.locator(".name").all_text_contents() == [line.label for line in stripped.lines]
    article = page.locator("#article")
    assert article.locator("h3").all_text_contents() == [stripped.title]
    assert article.locator("p, h4").all_text_contents() == stripped.text().split("\n")
    expect(page.get_by_role("status")).to_contain_text(stripped.model)


def test_ticking_a_label_changes_the_article(page: Page, text_page: str) -> None:
    stripped = strip(Source.from_text(text_page))
    page.get_by_role("button", name="Try an example").click()
    expect(page.locator("#article h3")).to_be_visible()
    for name in ("text", "heading"):
        page.locator(f"#labels input[value={name}]").uncheck()
    page.locator("#labels input[value=nav]").check()
    expected = [line.text for line in stripped.lines if line.label == "nav"]
    assert expected
    assert page.locator("#article p").all_text_contents() == expected
    expect(page.locator("#lines li.kept")).to_have_count(len(expected))


def test_the_keyboard_is_enough(page: Page) -> None:
    page.get_by_label("A page:").focus()
    page.keyboard.insert_text("One line.\n\n  Another line.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lines li")).to_have_count(2)
    assert page.locator("#lines .text").all_text_contents() == ["One line.", "  Another line."]


def test_markup_in_a_page_stays_text(page: Page) -> None:
    attack = '<img src=x onerror="document.title=1"><script>document.title=1</script> A sentence, to be kept as it is.'
    page.get_by_label("A page:").fill(attack)
    page.get_by_label("Read it").select_option("text/plain")
    page.get_by_role("button", name="Strip").click()
    expect(page.locator("#lines .text")).to_have_text([attack])
    for label in page.locator("#labels input").all():
        label.check()
    expect(page.locator("#article")).to_contain_text("<script>")
    assert page.locator("#answer img, #answer script").count() == 0
    assert page.title() == "pagesieve"


def test_html_is_found_out_and_can_be_denied(page: Page) -> None:
    page.get_by_label("A page:").fill("<p>One</p><p>Two</p>")
    page.get_by_role("button", name="Strip").click()
    expect(page.locator("#lines .text")).to_have_text(["One", "Two"])
    page.get_by_label("Read it").select_option("text/plain")
    page.get_by_role("button", name="Strip").click()
    expect(page.locator("#lines .text")).to_have_text(["<p>One</p><p>Two</p>"])


def test_an_empty_page_has_no_lines(page: Page) -> None:
    page.get_by_role("button", name="Strip").click()
    expect(page.get_by_role("status")).to_contain_text("0 lines")
    expect(page.locator("#lines li")).to_have_count(0)


def test_an_error_is_told(page: Page) -> None:
    page.route("**/v1/strip", lambda route: route.abort())
    page.get_by_role("button", name="Strip").click()
    expect(page.get_by_role("status")).to_contain_text("No answer")
    page.unroute("**/v1/strip")
    page.evaluate("document.querySelector('#source').value = 'a'.repeat(2000001)")
    page.get_by_role("button", name="Strip").click()
    expect(page.get_by_role("status")).to_contain_text("Too large")


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_is_wider_than_the_screen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.get_by_label("A page:").fill("An address: https://a.example/" + "long" * 200)
    page.get_by_role("button", name="Strip").click()
    expect(page.locator("#lines li")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
