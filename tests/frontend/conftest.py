"""Chromium, driven by Playwright."""

import pytest

from tests.support.service import require_program

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


# Playwright keeps an event loop running meanwhile, which modules with loops of their own cannot bear.
@pytest.fixture(scope="module")
def browser():
    """A browser for the tests of a module."""
    from playwright.sync_api import sync_playwright

    path = require_program(*NAMES, package="chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()
