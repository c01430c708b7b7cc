"""Finds a Chromium for the browser tests, or gets one: one that is installed, else Playwright's own, else Debian's.

`python -m tests.browser.chromium` prints its path and is what `make test` calls first.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """The path of a Chromium on this machine, or None."""
    named = os.environ.get("GREENROOM_CHROMIUM")
    if named:
        return named
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return _playwrights_own()


def get() -> str:
    """The path of a Chromium, installed if need be. Raise SystemExit with what to do if none can be had."""
    found = find()
    if found:
        return found
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600, **quiet)
    found = _playwrights_own()
    if found and subprocess.run([found, "--version"], check=False, **quiet).returncode == 0:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=True, env=environment
        )
        found = shutil.which("chromium")
    if not found:
        raise SystemExit(
            "The browser tests need Chromium, and none could be found or installed. "
            "Install it, or set GREENROOM_CHROMIUM to its path."
        )
    return found


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


if __name__ == "__main__":
    print(get())
