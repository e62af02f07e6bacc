"""The playground as a person meets it who looks at what the model does."""

import re
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from model import LABELS, strip
from model import Page as Source
from tests.browser.conftest import fill, go, lines, names
from tests.serving import Server

pytestmark = pytest.mark.browser

# Of text on its background, by the Web Content Accessibility Guidelines.
LEAST_CONTRAST = 4.5
VIEWS = ("page", "samples", "training")


def test_the_example_is_there_at_once(page: Page, text_page: str) -> None:
    stripped = strip(Source.from_text(text_page))
    shown = lines(page)
    expect(shown).to_have_count(len(stripped.lines))
    assert shown.locator(".text").all_text_contents() == [line.text for line in stripped.lines]
    assert names(page) == [line.label for line in stripped.lines]
    article = page.locator("#article")
    assert article.locator("h4").all_text_contents() == [stripped.title]
    assert article.locator("p, h5").all_text_contents() == stripped.text().split("\n")
    expect(page.get_by_role("status")).to_contain_text(stripped.model)
    counts = page.locator("#labels .count").all_text_contents()
    assert counts == [str(sum(line.label == label for line in stripped.lines)) for label in LABELS]


def test_ticking_a_label_changes_the_article(page: Page, text_page: str) -> None:
    stripped = strip(Source.from_text(text_page))
    page.get_by_text("What makes up the article").click()
    for name in ("text", "heading"):
        page.get_by_role("checkbox", name=name).uncheck()
    page.get_by_role("checkbox", name="nav").check()
    expected = [line.text for line in stripped.lines if line.label == "nav"]
    assert expected
    assert page.locator("#article p").all_text_contents() == expected


def test_the_keyboard_is_enough_to_strip(page: Page) -> None:
    page.get_by_label("A page:").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("One line.\n\n  Another line.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#lines .text")).to_have_text(["One line.", "  Another line."], use_inner_text=False)
    expect(lines(page, selected=True)).to_contain_text("One line.")
    assert page.evaluate("document.activeElement.id") == "line-0"


def test_markup_in_a_page_stays_text(page: Page) -> None:
    attack = '<img src=x onerror="document.title=1"><script>document.title=1</script> A sentence, to be kept as it is.'
    page.get_by_label("A page:").fill(attack)
    page.get_by_label("Read it").select_option("text")
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.locator("#lines .text")).to_have_text([attack])
    page.get_by_text("What makes up the article").click()
    for label in page.get_by_role("checkbox").all():
        label.check()
    expect(page.locator("#article")).to_contain_text("<script>")
    assert page.locator("#answer img, #answer script").count() == 0
    assert page.title() == "pagesieve"


def test_html_is_found_out_and_can_be_denied(page: Page) -> None:
    fill(page, "<p>One</p><p>Two</p>")
    expect(page.locator("#lines .text")).to_have_text(["One", "Two"])
    page.get_by_label("Read it").select_option("text")
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.locator("#lines .text")).to_have_text(["<p>One</p><p>Two</p>"])


def test_a_page_pasted_over_another_is_read_as_what_it_looks_like(page: Page) -> None:
    source, kind = page.get_by_label("A page:"), page.get_by_label("Read it")
    expect(kind).to_have_value("text")  # as the example was
    source.fill("<p>One</p><p>Two</p>")
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.locator("#lines .text")).to_have_text(["One", "Two"])
    kind.select_option("text")
    source.fill("<p>Three</p>")
    expect(kind).to_have_value("text")  # who chose it meant it


def test_characters_that_were_pasted_are_those_whatever_the_page_declares(page: Page) -> None:
    fill(page, "\ufeff<meta charset=iso-8859-1><p>Čapkův dům</p>")
    expect(page.locator("#lines .text")).to_have_text(["Čapkův dům"])


def test_an_empty_page_has_no_lines(page: Page) -> None:
    page.get_by_role("button", name="Empty").click()
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("0 lines")
    expect(lines(page)).to_have_count(0)
    page.keyboard.press("j")
    page.get_by_role("button", name="Undo").click(force=True)
    expect(page.get_by_role("status")).to_contain_text("Nothing to undo")


def test_an_error_is_told(page: Page) -> None:
    page.route("**/v1/strip", lambda route: route.abort())
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("No answer")
    page.unroute("**/v1/strip")
    page.get_by_label("A page:").fill("\x01" * 99)
    page.get_by_role("button", name="Strip", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Not decodable as text: The bytes are no text")


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    fill(page, "An address: https://a.example/" + "long" * 200)
    expect(lines(page)).to_have_count(1)
    for width in (360, 800, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        for view in reversed(VIEWS):
            go(page, view)
            expect(page.get_by_role("heading", name=view.capitalize(), exact=True, level=2)).to_be_focused()
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (view, width)


def numbers(colour: str) -> list[float]:
    """Red, green, blue and opacity, 0 to 1, of a colour as a browser writes it."""
    found = [float(number) for number in re.findall(r"[\d.]+", colour)]
    if not colour.startswith("color(srgb"):
        assert colour.startswith("rgb"), colour
        found[:3] = [number / 255 for number in found[:3]]
    return [*found, 1.0][:4]


def luminance(colour: list[float]) -> float:
    red, green, blue = (n / 12.92 if n <= 0.04045 else ((n + 0.055) / 1.055) ** 2.4 for n in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(paper: str, ink: str) -> float:
    below, (*above, opacity) = numbers(paper), numbers(ink)
    seen = [opacity * a + (1 - opacity) * b for a, b in zip(above, below[:3], strict=True)]
    low, high = sorted((luminance(below), luminance(seen)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_label_can_be_read_in_light_and_in_dark(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (luminance(numbers(paper)) > 0.5) is (scheme == "light")
    # One line of each label, as strongly coloured as can be.
    fill(page, "\n".join(f"Line {number}" for number in range(len(LABELS))))
    expect(lines(page)).to_have_count(len(LABELS))
    for button in page.locator("#labels button").all():
        page.keyboard.press("j")
        button.click()
    assert names(page) == list(LABELS)
    pairs = page.evaluate(
        """[...document.querySelectorAll("#lines [role=option], #labels button")].map((place) => [
            getComputedStyle(place).backgroundColor, getComputedStyle(place.querySelector(".text, .name")).color])"""
    )
    assert len(pairs) == 2 * len(LABELS)
    for paper, ink in pairs:
        assert contrast(paper, ink) >= LEAST_CONTRAST, (paper, ink)


def test_everything_that_can_be_used_has_a_name(page: Page) -> None:
    for view in VIEWS:
        go(page, view)
        expect(page.get_by_role("heading", name=view.capitalize(), exact=True, level=2)).to_be_visible()
        found = page.locator("button:visible, input:visible, select:visible, textarea:visible, a:visible").evaluate_all(
            "(all) => all.map((e) => e.ariaLabel ?? [...(e.labels ?? []), e].map((e) => e.textContent).join(''))"
        )
        assert len(found) > 5
        assert all(name.strip() for name in found), found
        assert page.locator("h1:visible").count() == page.locator("main h2:visible").count() == 1


def test_the_tab_key_goes_from_the_page_to_its_labels_and_to_its_lines(page: Page) -> None:
    page.get_by_label("A page:").focus()
    order = []
    for _ in range(14):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.dataset.label"))
    assert order[:5] == ["strip", "type", "file", "example", "clear"]
    assert order[5:11] == [LABELS[0], "undo", "extend", "unsure", "threshold", "url"]
    assert order[11:13] == ["save", "line-0"]
    page.locator("#labels button").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.label") == LABELS[1]


def test_the_policy_holds(browser: Browser, server: Server) -> None:
    page = browser.new_page()
    page.goto(server.url)
    expect(lines(page).first).to_be_visible()
    violations = page.evaluate(
        """async () => {
            const found = [];
            document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
            const script = document.createElement("p");
            try { script.innerHTML = "<b>markup</b>"; } catch { found.push("refused"); }
            const image = new Image();
            image.src = "https://elsewhere.example/x.png";
            document.body.style.setProperty("color", "red");
            document.body.setAttribute("style", "color: blue");
            await fetch("https://elsewhere.example/").catch(() => {});
            await new Promise((resolve) => setTimeout(resolve, 100));
            return found;
        }"""
    )
    page.close()
    assert set(violations) == {"refused", "require-trusted-types-for", "img-src", "style-src-attr", "connect-src"}
