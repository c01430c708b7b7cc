"""What the room promises about text: reload, back, a second tab, a lost network, a server that refuses."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.test_journeys import start

pytestmark = pytest.mark.xdist_group("browser")


def box(page):
    return page.get_by_role("textbox", name="Your answer")


def test_text_survives_a_reload_and_the_back_button(open_browser):
    page = open_browser()
    start(page, minutes="10")
    box(page).fill("Typed, then reloaded at once")
    page.reload()
    expect(box(page)).to_have_value("Typed, then reloaded at once")
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_title(re.compile("^Question 2"))
    box(page).fill("The second")
    page.goto("/topics")
    page.go_back()
    expect(box(page)).to_have_value("The second")
    page.go_back()
    expect(box(page)).to_have_value("Typed, then reloaded at once")


def test_a_second_tab_loses_nothing(open_browser):
    page = open_browser()
    start(page, minutes="10")
    other = page.context.new_page()
    other.goto(page.url)
    box(page).fill("From the first tab")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    box(other).fill("From the second tab, typed later")
    expect(other.get_by_text("also changed in another tab")).to_be_visible()
    expect(other.get_by_label("The text from the other tab")).to_have_value("From the first tab")
    open_browser.expected()  # Chromium reports the 409 on its console
    other.get_by_role("button", name="Take the other text").click()
    expect(other.get_by_role("status")).to_contain_text("Saved")
    page.reload()
    expect(box(page)).to_have_value("From the first tab")
    page.get_by_text("earlier text").click()
    expect(page.get_by_label("Earlier text 1")).to_have_value("From the second tab, typed later")


def test_a_lost_network_is_told_and_the_text_is_sent_when_it_is_back(open_browser):
    page = open_browser()
    start(page, minutes="10")
    page.context.set_offline(True)
    box(page).fill("Written in the tunnel")
    expect(page.get_by_text("Offline. Your text is kept in this browser")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("status")).to_contain_text("Saved")
    open_browser.expected()
    page.reload()
    expect(box(page)).to_have_value("Written in the tunnel")


def test_what_never_reached_the_server_comes_back_into_the_box(open_browser):
    page = open_browser()
    start(page, minutes="10")
    url = page.url
    page.context.set_offline(True)
    box(page).fill("Kept by the browser alone")
    expect(page.get_by_text("Offline.")).to_be_visible()
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(url)
    expect(box(again)).to_have_value("Kept by the browser alone")
    expect(again.get_by_role("status")).to_contain_text("Saved")
    open_browser.expected()


def test_a_lost_cookie_is_told_and_the_text_stays(open_browser):
    page = open_browser()
    start(page, minutes="10")
    page.context.clear_cookies()
    box(page).fill("Do not lose me")
    expect(page.get_by_text("cookie is gone")).to_be_visible()
    expect(box(page)).to_have_value("Do not lose me")
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_label("What you typed")).to_have_value("Do not lose me")
    open_browser.expected()


def test_pausing_covers_the_question_and_resuming_brings_it_back(open_browser):
    page = open_browser()
    start(page, minutes="10", relaxed=True)
    box(page).fill("Before the pause")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    expect(box(page)).to_have_count(0)
    page.get_by_role("button", name="Resume").click()
    expect(box(page)).to_have_value("Before the pause")


def test_the_keyboard_is_enough(open_browser):
    page = open_browser()
    start(page, minutes="10", count="2")
    box(page).focus()
    page.keyboard.type("By keyboard")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_title(re.compile("^Question 2"))
    page.keyboard.type("Again")
    page.keyboard.press("Tab")  # out of the text, where Alt and arrows move by words
    page.keyboard.press("Alt+ArrowLeft")
    expect(page).to_have_title(re.compile("^Question 1"))
    expect(box(page)).to_have_value("By keyboard")
    page.get_by_role("button", name="Hand in").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.")
    page.keyboard.press("j")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.")
    page.keyboard.press("k")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.")
    page.get_by_role("group", name="Key points").get_by_role("checkbox").first.press("Space")
    page.keyboard.press("4")
    expect(page.get_by_role("radio", name="Easy")).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys of this page")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("2.")


def test_an_error_page_never_takes_the_place_of_the_answer_box(open_browser, site):
    page = open_browser()
    start(page, minutes="10")
    box(page).fill("Still here after a crash")
    expect(page.get_by_role("status")).to_contain_text("Saved")
    broken = re.compile("/answer$")
    page.route(broken, lambda route: route.continue_(url=site.url + "/interviews/nothing/here"))
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("alert").filter(has_text="There is no page")).to_be_visible()
    expect(box(page)).to_have_value("Still here after a crash")
    expect(box(page)).to_be_editable()
    open_browser.expected()
    page.unroute(broken)
    page.get_by_role("button", name="Next question").click()
    expect(page).to_have_title(re.compile("^Question 2"))


def test_a_text_that_is_too_long_is_told_and_stays_in_the_box(open_browser):
    page = open_browser()
    start(page, minutes="10")
    box(page).fill("x" * 70_000)
    expect(page.get_by_text("longer than 64 KB")).to_be_visible()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("alert").filter(has_text="64 KB")).to_be_visible()
    assert len(box(page).input_value()) == 70_000
    open_browser.expected()
    box(page).fill("Short again")
    expect(page.get_by_role("status")).to_contain_text("Saved")


def test_flagging_again_and_again_adds_nothing_to_the_history(open_browser):
    page = open_browser()
    start(page, minutes="10")
    before = page.evaluate("history.length")
    for pressed in ("true", "false", "true"):
        page.locator(".flag").click()
        expect(page.locator(".flag")).to_have_attribute("aria-pressed", pressed)
    assert page.evaluate("history.length") == before


def test_time_over_without_a_network_keeps_the_last_words_on_the_page(open_browser, site):
    page = open_browser()
    page.clock.install()
    start(page, minutes="10")
    page.context.set_offline(True)
    box(page).fill("The very last words")
    site.shift = timedelta(minutes=10, seconds=5)  # within the grace
    page.clock.fast_forward("10:01")
    expect(page.get_by_text("have not reached the server")).to_be_visible()
    expect(box(page)).to_have_value("The very last words")
    page.context.set_offline(False)
    page.clock.fast_forward("01:00")
    expect(page).to_have_url(re.compile("/debrief$"))
    expect(page.get_by_text("The very last words")).to_be_visible()
    open_browser.expected()
