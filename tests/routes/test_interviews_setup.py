"""GET /interviews, GET /interviews/new, POST /interviews."""

from tests import make


def test_starting_leads_to_the_room(ada):
    interview = make.start(ada)
    page = ada.get(f"/interviews/{interview}")
    assert page.status_code == 200
    assert "Question 1 of 3" in page.text
