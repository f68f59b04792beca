"""Starts the project as docs/operators.md says to, and visits it with a browser: what the test settings never show.

Run it with ``make test-production``. It makes a database and collected files of its own in a temporary
folder, and leaves nothing behind. It fails where a command fails, where a page lacks what belongs on it,
and where the browser complains or gets an error for any file.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from playwright.sync_api import expect, sync_playwright

from tests.benchmarks.processes import find_port
from tests.browser.conftest import ARGUMENTS, PATIENCE_MS
from tests.browser.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Page, Response

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
HTTP_ERROR = 400
USER, PASSWORD = "operator", secrets.token_urlsafe(16)
SHARE_A_DRAFT = f"""
from django.contrib.auth import get_user_model
from treatments.models import TreatmentPage
from treatments.preview.links import create_link
page = TreatmentPage.objects.filter(live=True, locale__language_code="en").first()
user = get_user_model().objects.get(username={USER!r})
token = create_link(page, user, recipient_name="Reader")[1]
print(page.get_url_parts()[2], token, page.title, sep="|")
"""


def build_environment(folder: Path) -> dict[str, str]:
    """Return the variables of a server that stands alone on this machine, without TLS."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "localhost",
        "SECURE_SSL_REDIRECT": "no",
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DEBUG": "",
        "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
    }


def manage(environment: dict[str, str], *arguments: str) -> str:
    """Run a command of Django and return what it printed; its errors go to the terminal."""
    print("  manage.py", " ".join(arguments)[:60].split("\n")[0], flush=True)  # noqa: T201
    done = subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@contextmanager
def serve(environment: dict[str, str]) -> Generator[str]:
    """Start gunicorn as the guide does, and give its address when it answers."""
    port = find_port()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gunicorn", "cms.wsgi", f"--bind=127.0.0.1:{port}"],
        cwd=ROOT,
        env={**environment, "WEB_CONCURRENCY": "2"},
    )
    address = f"http://localhost:{port}"
    try:
        wait_for(process, f"{address}/api/v3/site/")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until a server answers.

    Raises:
        RuntimeError: It has ended, or does not answer in time.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urlopen(address, timeout=START_SECONDS).close()  # noqa: S310
        except HTTPError:
            raise
        except URLError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"The server does not answer at {address}.")


def watch(window: Page) -> list[str]:
    """Return a list that fills with what a window complains about."""
    complaints: list[str] = []

    def note(response: Response) -> None:
        if response.status >= HTTP_ERROR:
            complaints.append(f"{response.status} {response.url}")

    window.on("response", note)
    window.on("pageerror", lambda error: complaints.append(f"exception: {error}"))
    window.on(
        "console",
        lambda message: (
            complaints.append(f"console: {message.text}")
            if message.type == "error"
            else None
        ),
    )
    return complaints


def visit(window: Page, path: str, token: str, title: str) -> None:
    """Log in, read an article, and open a draft by its link."""
    Desk(window).log_in(USER, PASSWORD)
    expect(window.locator("h1").first).to_be_visible()
    Desk(window).open_articles()
    expect(window.get_by_role("link", name=title, exact=True)).to_be_visible()
    window.goto(path)
    expect(window.locator("h1")).to_have_text(title)
    window.goto(f"/en/draft/#{token}")
    expect(window.locator("html[data-reader-ready=draft]")).to_have_count(1)
    expect(window.locator("html[data-review-ready]")).to_have_count(1)


def main() -> int:
    """Start, visit, and say what went wrong; return 1 if anything did."""
    with tempfile.TemporaryDirectory() as name:
        environment = build_environment(Path(name))
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0")
        manage(environment, "create_editorial_groups")
        manage(
            environment,
            "createsuperuser",
            "--noinput",
            f"--username={USER}",
            "--email=operator@example.org",
        )
        manage(environment, "load_demo")
        path, token, title = manage(
            environment, "shell", "--no-imports", "--command", SHARE_A_DRAFT
        ).split("|")
        with serve(environment) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=ARGUMENTS
            )
            window = browser.new_context(base_url=address).new_page()
            window.set_default_timeout(PATIENCE_MS)
            complaints = watch(window)
            visit(window, path, token, title)
            browser.close()
    for complaint in complaints:
        print(complaint, file=sys.stderr)  # noqa: T201
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
