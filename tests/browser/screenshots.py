"""Takes the pictures of docs/screens.md: `make screenshots`. Every page, laptop and phone, some in the dark."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from app.settings import ROOT
from tests.browser.chromium import get
from tests.browser.conftest import FLAGS, LAPTOP, PHONE, Site

FOLDER = ROOT / "docs" / "screenshots"
SEED = "7"  # the same questions in every picture
IN_THE_DARK = {"room", "debrief", "report", "home", "setup"}
ANSWERS = (  # to the first two questions of that seed
    "app.mount('/admin', admin) with a second FastAPI instance. Its endpoints are below /admin, and it has its own "
    "docs at /admin/docs, with its own title. The main app's schema does not list them.",
    "No: the ports differ, and an origin is scheme, host and port together. Entries are compared as whole strings, so "
    "only http://localhost:5173 lets the page in. A trailing slash or a star for the port matches nothing.",
)


def take(browser: Browser, site: Site, size: dict[str, int], scheme: str) -> None:
    """Go through the loop once and photograph every page on the way."""
    page = browser.new_context(base_url=site.url, viewport=size, color_scheme=scheme, locale="en-GB").new_page()

    def shot(name: str, *, full: bool = True) -> None:
        if scheme == "dark" and name not in IN_THE_DARK:
            return
        page.wait_for_load_state("networkidle")
        page.evaluate("scrollTo(0, 0)")  # what sticks to the window would stand in the middle of a full page
        mark = "" if scheme == "light" else "-dark"
        page.screenshot(path=FOLDER / f"{name}-{size['width']}{mark}.png", full_page=full)

    page.goto("/")
    shot("welcome")
    page.goto("/review")
    shot("review-empty")
    page.goto(f"/interviews/new?preset=own&count=5&minutes=12&seed={SEED}")
    shot("setup")
    page.get_by_role("button", name="Start interview").click()
    for number, text in enumerate(ANSWERS):
        page.get_by_role("textbox", name="Your answer").fill(text)
        page.get_by_role("radio", name=("Certain", "Fairly sure")[number], exact=True).check()
        page.get_by_text("Saved").wait_for()
        if number == 0:
            page.get_by_role("button", name="Flag", exact=True).click()
            page.get_by_role("button", name="Flagged", exact=True).wait_for()
        else:
            shot("room", full=False)
        page.get_by_role("button", name="Next question").click()
        page.get_by_text(f"Question {number + 2} of 5").first.wait_for()
    _other_page(page, "/", shot, "home-running")
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("heading", name="Hand in?").wait_for()
    shot("hand-in")
    page.get_by_role("button", name="Hand in").click()
    _grade(page, shot)
    shot("report")
    for path, name in (
        ("/", "home"),
        ("/interviews", "interviews"),
        ("/topics", "topics"),
        ("/topics/dependencies", "topic"),
        ("/questions?q=yield", "questions"),
        ("/questions/path-parameters/route-order", "question"),
        ("/progress", "progress"),
        ("/account", "account"),
        ("/nowhere", "not-found"),
    ):
        page.goto(path)
        shot(name)
    page.goto("/review?topic=dependencies")
    shot("review")
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name="Save grade").wait_for()
    shot("review-answer")
    page.context.close()


def _other_page(page: Page, path: str, shot, name: str) -> None:
    room = page.url
    page.goto(path)
    shot(name)
    page.goto(room)


def _grade(page: Page, shot) -> None:
    for number in range(1, 6):
        page.get_by_role("heading", level=1, name=f"{number}.").wait_for()
        points = page.get_by_role("group", name="Key points").get_by_role("checkbox")
        for index in range(points.count() - 1 if number == 2 else 1 if number == 1 else 0):
            points.nth(index).check()
        if number == 2:
            shot("debrief")
        page.get_by_role("button", name="Save grade").click()
    page.get_by_role("heading", name="Question by question").wait_for()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=get(), args=FLAGS)
        site = Site(Path(folder))
        try:
            for size, scheme in ((LAPTOP, "light"), (PHONE, "light"), (LAPTOP, "dark"), (PHONE, "dark")):
                take(browser, site, size, scheme)
        finally:
            site.close()
            browser.close()


if __name__ == "__main__":
    main()
