"""A browser, and pages in it that nothing may go wrong in."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect, sync_playwright

from tests.browser import chromium
from tests.serving import Server

Open = Callable[..., Page]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    if path is None:
        pytest.skip("NO BROWSER: the playground is NOT tested; install Chromium or Chrome, or run as root on Debian")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def desk(browser: Browser) -> BrowserContext:
    """Where pages are opened that ask for nothing special: what one has fetched the next needs not fetch again."""
    return browser.new_context()


@pytest.fixture
def opened(desk: BrowserContext) -> Iterator[Open]:
    """Opens the playground of a server; at the end nothing may have gone wrong, or been asked of anyone else."""
    faults: list[str] = []
    asked: list[tuple[str, str]] = []
    pages: list[Page] = []

    def open_page(server: Server, context: BrowserContext = desk) -> Page:
        page = context.new_page()
        pages.append(page)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
        page.on("request", lambda request: asked.append((server.url, request.url)))
        page.goto(server.url)
        expect(lines(page).first).to_be_visible()
        return page

    yield open_page
    for page in pages:
        page.close()
    assert faults == []
    assert asked
    assert all(url.startswith((own, "blob:")) for own, url in asked)


@pytest.fixture
def page(opened: Open, server: Server) -> Page:
    """The playground of the model that ships, with its example."""
    return opened(server)


def _is_fault(message: ConsoleMessage) -> bool:
    # An answer that is an error is the browser's to report and the page's to tell.
    return message.type == "error" and not message.text.startswith("Failed to load resource")


def lines(page: Page, **state: bool) -> Locator:
    """The lines that are shown."""
    return page.locator("#lines").get_by_role("option", **state)  # type: ignore[arg-type]


def fill(page: Page, text: str) -> None:
    """Strip a text in place of what is there."""
    page.get_by_label("A page:").fill(text)
    page.get_by_label("Read it").select_option("")
    page.get_by_role("button", name="Strip", exact=True).click()


def names(page: Page) -> list[str]:
    """The labels of the lines, as they are shown."""
    return page.locator("#lines .name").all_text_contents()


def go(page: Page, view: str) -> None:
    """Go to another view."""
    page.locator(f'header a[href="#{view}"]').click()
