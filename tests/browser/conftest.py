"""A real browser on the running program."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from surveys.guide import Guide
from surveys.guide_yaml import read
from surveys.models import Survey
from tests.conftest import left_out, make_survey
from tests.run import CHROMIUMS
from tests.support.stack import ROOT, Stack

# Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if path is None:
        left_out("no Chromium found")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=flags)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def demo_guide() -> Guide:
    return read((ROOT / "surveys" / "demo" / "guide.yaml").read_bytes())


@pytest.fixture
def survey(stack: Stack, demo_guide: Guide) -> Survey:
    return make_survey(demo_guide, slug="demo")


AT_REST = "() => Promise.all(document.getAnimations().filter(each => each.effect.getTiming().iterations !== Infinity).map(each => each.finished))"


class Watched:
    """A page whose console is kept: a test ends with it empty, policy violations included."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self.folder, self.complaints = page, folder, list[str]()
        page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def forgive(self, expected: str) -> None:
        """Drops the browser's complaints about what the test brought about."""
        self.complaints = [line for line in self.complaints if expected not in line]

    def accessible(self, *, preload: bool = True) -> None:
        """The page at rest, once what fades in has done so, breaks no rule of axe's. preload: off where style sheets import others."""
        self.page.evaluate(AT_REST)
        found = Axe().run(
            self.page, options={"preload": preload, "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
        )
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[object]:
    watched: list[Watched] = []

    def opened(*, phone: bool = False, **options: object) -> Watched:
        size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 800}
        context = browser.new_context(viewport=size, has_touch=phone, is_mobile=phone, **options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        watched.append(Watched(context.new_page(), tmp_path))
        return watched[-1]

    yield opened
    for each in watched:
        each.page.context.close()
    assert [line for each in watched for line in each.complaints] == []
