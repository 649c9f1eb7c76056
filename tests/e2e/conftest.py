"""`pult demo` as a process of its own, and a Chromium to look at it."""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.play import Play
from tests.faults.hubs import PATIENCE, ROOT, bare
from tests.pg import open_folder
from tests.telephony.asterisk.box import require

BROWSER_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PICTURES = ROOT / "artifacts" / "e2e"
expect.set_options(timeout=PATIENCE * 1000)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo() -> AsyncIterator[str]:
    async with played() as address:
        yield address


@asynccontextmanager
async def played(*more: str) -> AsyncIterator[str]:
    """The demo's address. It ends by itself when told to, and in peace."""
    with open_folder() as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app", "demo", "--port", "0", *more),
            cwd=ROOT,
            env=bare() | {"PULT_DATA_DIR": str(folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            yield await _address(process)
        finally:
            process.terminate()
            words = await _end(process)
    assert process.returncode == 0, words


async def _address(process: asyncio.subprocess.Process) -> str:
    """What it says once it serves."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(PATIENCE):
        while not (found := ADDRESS.search(said)):
            line = await process.stdout.readline()
            assert line, f"the demo ended by itself: {said}"
            said += line.decode()
    return found.group()


async def _end(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(PATIENCE):
        words, _ = await process.communicate()
    return words.decode()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    async with async_playwright() as tools:
        chromium = await tools.chromium.launch(executable_path=path, args=BROWSER_ARGS)
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots are kept for whoever wants to see the run."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def demo_with_telephones() -> AsyncIterator[str]:
    await asyncio.to_thread(require)
    async with played("--telephony") as address:
        yield address


@pytest_asyncio.fixture(loop_scope="session")
async def play(demo: str, browser: Browser, pictures: Path) -> AsyncIterator[Play]:
    async with staged(demo, browser, pictures) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def calling(
    demo_with_telephones: str, browser: Browser, pictures: Path
) -> AsyncIterator[Play]:
    async with staged(demo_with_telephones, browser, pictures) as found:
        yield found


@asynccontextmanager
async def staged(demo: str, browser: Browser, pictures: Path) -> AsyncIterator[Play]:
    """The stage open at its first scene; faults of its scripts fail the test."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru-RU")
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(demo)
    found = Play(page, pictures)
    await found.begin()
    yield found
    await context.close()
    assert complaints == []
