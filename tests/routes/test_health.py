"""/healthz and /readyz: for balancers and supervisors."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from app import schema
from app.main import create_app
from app.settings import Settings
from tests import make


@pytest.fixture
def elsewhere(tmp_path, bank_folder):
    """Makes apps with settings of their own and closes them in the end."""
    made = []

    def client(**settings):
        app = create_app(Settings(**{"data_dir": tmp_path / "own", "bank_dir": bank_folder, **settings}))
        made.append(app)
        return TestClient(app, base_url="http://greenroom.test")

    yield client
    for app in made:
        app.state.database.close()


def test_a_living_process_says_so(ada):
    response = ada.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_being_alive_does_not_depend_on_the_database(ada, statements):
    with statements() as seen:
        ada.get("/healthz")
    assert seen == []


def test_a_server_with_database_migrations_and_bank_is_ready(ada):
    response = ada.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "bank": "ok"}


def test_a_database_behind_the_code_is_not_ready(ada, monkeypatch):
    # The code of tomorrow, which no real database can have been migrated by.
    monkeypatch.setattr(schema, "HEAD", "9999")
    response = ada.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "needs migration", "bank": "ok"}


def test_an_empty_database_is_not_ready(elsewhere):
    response = elsewhere().get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "needs migration"


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all.sqlite3", "postgresql://nobody@127.0.0.1:1/nothing"], ids=["file", "server"]
)
def test_a_database_out_of_reach_is_not_ready_but_the_process_is_alive(elsewhere, url):
    client = elsewhere(database_url=url)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"database": "unreachable", "bank": "ok"}
    assert client.get("/healthz").status_code == 200


def test_a_bank_without_questions_is_not_ready(elsewhere, tmp_path):
    folder = tmp_path / "empty bank"
    folder.mkdir()
    (folder / "bank.toml").write_text(make.BANK_TOML)
    response = elsewhere(bank_dir=Path(folder)).get("/readyz")
    assert response.status_code == 503
    assert response.json()["bank"] == "empty"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_makes_nobody_a_user_and_says_nothing_about_anybody(ada, app, path):
    before = make.rows(app)
    response = ada.get(path)
    assert "set-cookie" not in response.headers
    assert make.rows(app) == before


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_asked_for(ada, path):
    assert ada.post(path).status_code == 405
    assert ada.get(f"{path}/more").status_code == 404
