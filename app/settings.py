"""What can be set from outside, read once at start-up. A wrong value stops the start and says which."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url

ROOT = Path(__file__).resolve().parent.parent


def _with_driver(url: str) -> str:
    """Return the URL with the driver we ship: hosting services hand out `postgres://` and `postgresql://`."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            url = "postgresql+pg8000://" + url.removeprefix(scheme)
    if url and not url.startswith(("sqlite:///", "postgresql+")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    if url.startswith("postgresql+pg8000://") and not make_url(url).username:  # others may know one
        raise ValueError("must name the user: postgresql://user@host/database")
    return url


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix `GREENROOM_`, e.g. `GREENROOM_PORT=9000`."""

    model_config = SettingsConfigDict(env_prefix="GREENROOM_", frozen=True, extra="ignore", env_ignore_empty=True)

    data_dir: Path = ROOT / "data" / "local"
    database_url: Annotated[str, AfterValidator(_with_driver)] = ""
    secret: SecretStr | None = Field(default=None, min_length=16)
    host: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8000, ge=0, le=65535)
    workers: int = Field(default=1, ge=1, le=64)
    threads: int = Field(default=8, ge=1, le=64)
    trusted_proxies: str = "127.0.0.1,::1"
    bank_dir: Path = ROOT / "data" / "banks" / "fastapi"
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    lock_wait_seconds: float = Field(default=5.0, ge=0.1, le=60)
    retention: float = Field(default=0.90, ge=0.80, le=0.97)
    new_cards_per_day: int = Field(default=10, ge=0, le=500)
    reviews_per_day: int = Field(default=40, ge=1, le=1000)
    reload_templates: bool = False

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use: the one given, else a SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'greenroom.sqlite3'}"
