"""axe on every page, light and dark, on a phone and a laptop; nothing wider than 320 px needs sideways scrolling."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.test_journeys import start

pytestmark = pytest.mark.xdist_group("browser")
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def check(page: Page, name: str) -> None:
    """Fail with every violation on the page as it is now, and if it is wider than a narrow phone."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(rule["id"], node["html"]) for rule in found for node in rule["nodes"]] == [], name
    size = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, f"{name} is wider than 320 px"
    page.set_viewport_size(size)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_no_page_keeps_anybody_out(open_browser, scheme, viewport):
    page = open_browser(color_scheme=scheme, viewport=viewport, reduced_motion="reduce")
    for path in (
        "/",
        "/interviews",
        "/interviews/new",
        "/review",
        "/topics",
        "/progress",
        "/account",
        "/questions",
        "/questions?q=zzzz",
    ):
        page.goto(path)
        check(page, f"{path} for a newcomer")
    page.goto("/nothing-here")
    check(page, "404")
    open_browser.expected()

    start(page, minutes="10", count="2", relaxed=True)
    check(page, "room")
    room = page.url
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    check(page, "paused room")
    page.goto("/")
    check(page, "home with a running interview")
    page.goto(room)
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("textbox", name="Your answer").fill("An answer")
    page.get_by_role("radio", name="Certain", exact=True).check()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Hand in?")).to_be_visible()
    check(page, "hand in")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("button", name="Save grade")).to_be_visible()
    check(page, "debrief")
    page.get_by_role("button", name="Save grade").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    check(page, "debrief with undo")
    page.get_by_role("button", name="Save grade").click()
    expect(page.get_by_role("heading", name="Question by question")).to_be_visible()
    expect(page.get_by_role("heading", name="Sure but wrong")).to_be_visible()
    check(page, "report")
    for path in (
        "/",
        "/interviews",
        "/topics",
        "/topics/validation",
        "/progress",
        "/account",
        "/questions",
        "/questions/validation/inside-a-422",
    ):
        page.goto(path)
        check(page, path)
    page.goto("/review?topic=dependencies")
    check(page, "review")
    page.get_by_role("button", name="Show answer").click()
    expect(page.get_by_role("button", name="Save grade")).to_be_visible()
    check(page, "review with the answer")


def test_no_question_needs_sideways_scrolling_on_a_narrow_phone(open_browser, site):
    page = open_browser(viewport={"width": 320, "height": 700})
    for question_id in site.app.state.bank.questions:
        page.goto(f"/questions/{question_id}")
        page.get_by_text("Show answer").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, question_id
