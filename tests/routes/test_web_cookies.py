"""Guests: the signed cookie, its attributes, what does not pass for it, and that two browsers never meet."""

import stat

import pytest
from itsdangerous import TimestampSigner
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests import make

SECRET_WORDS = "Only ada may read this"


def _browser(app, base_url="http://greenroom.test", **options):
    return TestClient(app, base_url=base_url, follow_redirects=False, **options)


def _cookie(response):
    """The name, the value and the attributes of the one cookie that the answer sets."""
    [header] = response.headers.get_list("set-cookie")
    first, *attributes = header.split("; ")
    name, _, value = first.partition("=")
    return name, value, {attribute.lower() for attribute in attributes}


def _start(client, **options):
    form = {"preset": "own", "count": "1", "minutes": "5", "level": "core", "mode": "exam"}
    response = client.post("/interviews", data=form, **options)
    assert response.status_code == 303, response.text
    return response


def test_the_cookie_over_http(ada):
    name, value, attributes = _cookie(_start(ada))
    assert name == "greenroom"
    assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=34560000"}, "400 days, and not Secure"
    assert value.count(".") == 2


def test_the_cookie_over_https(app):
    name, _, attributes = _cookie(_start(_browser(app, "https://greenroom.test")))
    assert name == "__Host-greenroom"
    assert attributes == {"httponly", "samesite=lax", "path=/", "max-age=34560000", "secure"}


def test_a_cookie_planted_over_http_counts_for_nothing_over_https(ada, app):
    # Whoever sits in between can set a plain cookie; the prefix is what they cannot forge.
    interview = make.start(ada)
    secure = _browser(app, "https://greenroom.test", cookies={"greenroom": ada.cookies["greenroom"]})
    assert secure.get(f"/interviews/{interview}").status_code == 404
    host = _browser(app, "https://greenroom.test", cookies={"__Host-greenroom": ada.cookies["greenroom"]})
    assert host.get(f"/interviews/{interview}").status_code == 200


def test_over_https_the_cookie_is_taken_away_by_its_own_name(app):
    secure = _browser(app, "https://greenroom.test")
    _start(secure)
    name, value, attributes = _cookie(secure.post("/account/deletion", data={"sure": "yes"}))
    assert (name, value) == ("__Host-greenroom", '""')
    assert {"secure", "path=/", "max-age=0"} <= attributes


def test_a_guest_is_known_from_the_first_need_on(ada):
    assert "set-cookie" not in ada.get("/").headers
    assert "set-cookie" not in ada.get("/interviews/new").headers
    assert "set-cookie" in _start(ada).headers


def test_a_cookie_is_a_number_that_names_nobody(ada):
    _start(ada)
    assert make.user_id(ada) > 0
    _, *signature = ada.cookies["greenroom"].split(".")
    assert len(signature) == 2


def test_a_fresh_cookie_is_left_alone(ada):
    _start(ada)
    assert "set-cookie" not in _start(ada).headers


def test_an_old_cookie_is_renewed_for_the_same_user(ada):
    interview = make.start(ada)
    old = make.with_cookie(ada, "old")
    before = old.cookies["greenroom"]
    name, value, attributes = _cookie(_start(old))
    assert name == "greenroom"
    assert value != before
    assert "max-age=34560000" in attributes
    assert _browser(old.app, cookies={name: value}).get(f"/interviews/{interview}").status_code == 200


@pytest.mark.parametrize("kind", make.COOKIES_REFUSED)
def test_a_cookie_that_is_not_ours_is_nobodys(ada, app, kind):
    interview = make.start(ada)
    client = make.with_cookie(ada, kind)
    assert client.get(f"/interviews/{interview}").status_code == 404
    assert make.h1(client.get("/").text) == "Rehearse your technical interview"
    assert client.post("/review/undo").status_code == 401
    response = _start(client)
    assert _cookie(response)[1].partition(".")[0] != str(make.user_id(ada)), "a new guest, not ada"
    assert len(make.rows(app)["users"]) == 2


def test_a_cookie_of_399_days_still_counts(ada):
    interview = make.start(ada)
    assert make.with_cookie(ada, "old").get(f"/interviews/{interview}").status_code == 200


@pytest.mark.parametrize("value", ["", "ada", "1.5", "1 OR 1=1", "²", "None"])
def test_a_signed_value_that_is_no_number_is_nobody(ada, app, value):
    make.start(ada)
    signed = TimestampSigner(app.state.settings.secret.get_secret_value(), salt="greenroom.guest").sign(value).decode()
    client = _browser(app)
    response = client.get("/", headers={"Cookie": b"greenroom=" + signed.encode()})
    assert response.status_code == 200
    assert make.h1(response.text) == "Rehearse your technical interview"


def test_a_signature_for_another_purpose_does_not_pass(ada, app):
    interview = make.start(ada)
    signed = TimestampSigner(app.state.settings.secret.get_secret_value(), salt="another").sign(str(make.user_id(ada)))
    client = _browser(app, cookies={"greenroom": signed.decode()})
    assert client.get(f"/interviews/{interview}").status_code == 404


@pytest.mark.parametrize(
    "header", [b"greenroom", b"greenroom=", b"=;;=", b"greenroom=\xff\xfe", b'greenroom="', b";" * 3000]
)
def test_a_broken_cookie_header_breaks_nothing(ada, header):
    response = ada.get("/", headers={"Cookie": header})
    assert response.status_code == 200


def test_two_browsers_never_see_each_others_rows(ada, cy):
    interview = make.start(ada)
    make.answer(ada, interview, 1, SECRET_WORDS)
    make.submit(ada, interview)
    make.grade(ada, interview, 1, [1], note=SECRET_WORDS)
    card = make.stored(ada, interview).items[0].question_id
    make.review(ada, card, note=SECRET_WORDS)
    ada.post(f"/review/{card}/reveal", data={"text": SECRET_WORDS})
    assert SECRET_WORDS in ada.get("/review").text
    own = make.start(cy)
    for path in (
        *(f"/interviews/{interview}{rest}" for rest in ("", "/questions/1", "/submission", "/debrief", "/report")),
    ):
        response = cy.get(path)
        assert response.status_code == 404, path
        assert SECRET_WORDS not in response.text
    for path in ("/", "/interviews", "/review", "/topics", "/progress", "/account", f"/questions/{card}"):
        page = cy.get(path).text
        assert SECRET_WORDS not in page, path
        assert interview not in page, path
    assert own in cy.get("/interviews").text
    assert own not in ada.get("/interviews").text


def test_the_same_form_from_two_browsers_starts_two_interviews(ada, cy):
    # The id travels in the form; that of a stranger must not lead to their interview.
    form = {"preset": "5-10", "level": ["intro", "core", "advanced"], "interview": "aaaaaaaaaa"}
    for client in (ada, cy):
        assert client.post("/interviews", data=form).headers["location"] == "/interviews/aaaaaaaaaa"
    make.answer(ada, "aaaaaaaaaa", 1, SECRET_WORDS)
    assert SECRET_WORDS in ada.get("/interviews/aaaaaaaaaa/questions/1").text
    assert SECRET_WORDS not in cy.get("/interviews/aaaaaaaaaa/questions/1").text


# The secret behind the signature


def _without_secret(settings):
    return Settings(**(settings.model_dump() | {"secret": None}))


def test_without_a_setting_the_secret_is_made_once_and_kept(settings):
    own = _without_secret(settings)
    first = create_app(own)
    client = _browser(first)
    interview = _start(client).headers["location"]
    second = create_app(own)
    restarted = _browser(second, cookies=client.cookies)
    assert restarted.get(interview).status_code == 200
    for app in (first, second):
        app.state.database.close()


def test_the_secret_is_for_its_owner_only_and_long(settings):
    app = create_app(_without_secret(settings))
    kept = settings.data_dir / "secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_text()) >= 32
    assert [path.name for path in settings.data_dir.glob("secret*")] == ["secret"], "nothing is left lying about"
    app.state.database.close()


def test_workers_that_start_at_once_agree_on_the_secret(settings):
    own = _without_secret(settings)
    apps = make.at_once(*[lambda: create_app(own)] * 4)
    client = _browser(apps[0])
    interview = _start(client).headers["location"]
    for app in apps:
        assert _browser(app, cookies=client.cookies).get(interview).status_code == 200
        app.state.database.close()


@pytest.mark.parametrize("left", ["", "\n", "fifteen letters"])
def test_a_secret_that_was_cut_off_stops_the_start(settings, left):
    # With an empty secret the app would run, and anybody could sign cookies.
    (settings.data_dir / "secret").write_text(left)
    with pytest.raises(ValueError, match="holds no secret"):
        create_app(_without_secret(settings))


def test_another_secret_knows_nobody(ada, settings):
    interview = make.start(ada)
    other = create_app(Settings(**(settings.model_dump() | {"secret": "another secret altogether"})))
    assert _browser(other, cookies=ada.cookies).get(f"/interviews/{interview}").status_code == 404
    other.state.database.close()
