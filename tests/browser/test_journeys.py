"""The three journeys: the whole loop with JavaScript, without it, and a deadline that passes while the tab sleeps."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.xdist_group("browser")


def start(page: Page, minutes: str = "", count: str = "3", relaxed: bool = False) -> None:
    page.goto("/")
    page.get_by_role("link", name="Set up your first mock").click()
    page.get_by_role("radio", name="Your own").check()
    page.get_by_role("textbox", name="Questions").fill(count)
    page.get_by_role("textbox", name=re.compile("^Minutes")).fill(minutes)
    if relaxed:
        page.get_by_role("radio", name=re.compile("^Relaxed")).check()
    page.get_by_role("button", name="Start interview").click()
    expect(page.get_by_role("timer")).to_be_visible()


def grade_all(page: Page, count: int) -> None:
    for number in range(1, count + 1):
        expect(page.get_by_role("heading", level=1)).to_contain_text(f"{number}.")
        points = page.get_by_role("group", name="Key points").get_by_role("checkbox")
        for index in range(points.count()):
            points.nth(index).check()
        page.get_by_role("button", name="Save grade").click()


def test_the_whole_loop_with_javascript(open_browser):
    page = open_browser()
    page.goto("/interviews/new")
    expect(page.get_by_text("5 questions, chosen from")).to_be_visible()
    page.get_by_role("radio", name="Your own").check()
    page.get_by_role("textbox", name="Questions").fill("900")
    page.get_by_role("textbox", name="Questions").press("Tab")
    expect(page.locator("#summary")).to_contain_text("from 1 to 50")

    start(page, minutes="10")
    expect(page).to_have_title(re.compile("^Question 1 of 3"))
    page.get_by_role("textbox", name="Your answer").fill("My first answer")
    page.get_by_role("radio", name="Certain", exact=True).check()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_title(re.compile("^Question 2 of 3"))
    expect(page.get_by_role("textbox", name="Your answer")).to_be_focused()
    page.keyboard.type("My second answer")
    page.get_by_role("button", name="Flag").click()
    expect(page.get_by_role("button", name="Flagged", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("My second answer")

    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Hand in?")).to_be_visible()
    expect(page.get_by_text("1 question has no answer yet")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()

    expect(page.get_by_text("My first answer")).to_be_visible()
    verdict = page.get_by_role("group", name="Verdict")
    page.get_by_role("group", name="Key points").get_by_role("checkbox").first.check()
    expect(verdict.get_by_role("radio", checked=True)).to_have_count(1)
    grade_all(page, 3)
    expect(page).to_have_url(re.compile("/report$"))
    expect(page.get_by_text("100 %").first).to_be_visible()

    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(re.compile(r"/debrief\?item=3$"))
    page.get_by_role("button", name="Save grade").click()
    expect(page).to_have_url(re.compile("/report$"))
    expect(page.get_by_text("Sure but wrong")).to_have_count(0)

    page.goto("/topics")
    expect(page.get_by_text("1 of").first).to_be_visible()
    page.get_by_role("link", name=re.compile("^Drill")).last.click()
    page.get_by_role("textbox", name="Your answer").fill("thought through")
    page.get_by_role("button", name="Show answer").click()
    expect(page.get_by_role("heading", name="Model answer")).to_be_visible()
    page.get_by_role("group", name="Key points").get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Save grade").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_the_whole_loop_without_javascript(open_browser):
    page = open_browser(java_script_enabled=False)
    start(page, minutes="10")
    page.get_by_role("textbox", name="Your answer").fill("Plain forms carry this")
    page.get_by_role("radio", name="Unsure", exact=True).check()
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_url(re.compile("/questions/2$"))
    page.get_by_role("textbox", name="Your answer").fill("And this")
    page.get_by_role("button", name="Flag", exact=True).click()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("And this")
    page.get_by_role("button", name="Question 1, answered").click()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("Plain forms carry this")
    expect(page.get_by_role("radio", name="Unsure", exact=True)).to_be_checked()
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^(10:00|9:\d\d)$"))
    page.get_by_role("button", name="Hand in").click()
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Plain forms carry this")).to_be_visible()
    grade_all(page, 3)
    expect(page).to_have_url(re.compile("/report$"))
    page.get_by_role("link", name="Topics", exact=True).click()
    page.get_by_role("link", name=re.compile("^Drill")).last.click()
    page.get_by_role("button", name="Show answer").click()
    page.get_by_role("button", name="Save grade").click()
    page.goto("/questions?q=yield")
    expect(page.get_by_role("heading", name="Questions")).to_be_visible()


def test_a_deadline_that_passes_while_the_tab_sleeps(open_browser, site):
    page = open_browser()
    page.clock.install()
    start(page, minutes="10")
    page.get_by_role("textbox", name="Your answer").fill("The last words before the lid closed")
    page.clock.run_for(2_500)
    expect(page.get_by_role("status")).to_contain_text("Saved")

    # The lid is closed: no timer of the page runs, while the world and the server go on for a quarter of an hour.
    site.shift = timedelta(minutes=15)
    page.clock.fast_forward("15:00")
    expect(page).to_have_url(re.compile("/debrief$"))
    expect(page.get_by_text("The last words before the lid closed")).to_be_visible()
    page.goto(page.url.replace("debrief", "report"))
    expect(page.get_by_text("of 10 min", exact=True)).to_be_visible()
    expect(page.locator(".figure-box", has=page.get_by_text("Time", exact=True))).to_contain_text("10 min")


def test_the_countdown_is_right_the_moment_a_sleeping_tab_wakes(open_browser, site):
    page = open_browser()
    page.clock.install()
    start(page, minutes="30", relaxed=True)
    page.clock.pause_at(datetime.fromtimestamp(page.evaluate("Date.now() / 1000") + 1, UTC))
    page.clock.fast_forward("10:00")
    left = page.get_by_role("timer").inner_text()
    minutes, seconds = map(int, left.split(":"))
    shown = 60 * minutes + seconds
    expected = page.evaluate("(Date.parse(document.getElementById('timer').dataset.deadline) - Date.now()) / 1000")
    assert abs(shown - expected) <= 2
    assert 19 * 60 <= shown <= 20 * 60
