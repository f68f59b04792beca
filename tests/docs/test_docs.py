"""The documents say what is true: every example is run, every name exists, every link leads somewhere."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request as UrlRequest

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import APIToken

from tests.docs import block_reference, checks, reading
from tests.docs.host_project import BASE_SETTINGS
from tests.docs.site import DocumentedSite, create_documented_site
from tests.webhooks.events import make_event
from treatments.blocks.streams import SectionContentStreamBlock
from treatments.signals import EventKind
from treatments.webhooks.events import build_body, build_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

#: JSON examples that belong to no request: heading → the part of an article that they show.
PARTS: dict[str, Callable[[dict], Any]] = {
    "Rich text": lambda article: article["intro"],
    "Images": lambda article: article["hero"],
    "What is sent": lambda _article: build_webhook(),
}


def build_webhook() -> Any:
    """Return the payload of a webhook."""
    event = make_event(EventKind.WITHDRAWN)
    body = build_body("article.withdrawn", event.occurred_at, build_data(event))
    return json.loads(body)


FRONTEND = reading.REPOSITORY / "docs" / "frontend.md"
EDITORS = reading.REPOSITORY / "docs" / "editors.md"
OPERATORS = reading.REPOSITORY / "docs" / "operators.md"
HOST = reading.REPOSITORY / "docs" / "host-developers.md"
#: Words of Wagtail and wagtail-localize that editors.md shows in bold.
WAGTAIL_WORDS = {
    "Images",
    "Title",
    "Save draft",
    "Publish",
    "Unpublish",
    "History",
    "Translate",
    "Save",
    "Translate this page",
    "Sync translated pages",
    "Convert to alias page",
    "Publish immediately",
    "español",
}


def collect(
    check: Callable[[str], list[str]], documents=reading.DOCUMENTS
) -> list[str]:
    """Return what a check finds in the documents, with the name of each."""
    return [
        f"{path.name}: {problem}"
        for path in documents
        for problem in check(reading.read(path))
    ]


@pytest.fixture
def site(db) -> DocumentedSite:
    return create_documented_site()


def translate_ids(address: str, site: DocumentedSite) -> str:
    """Return an address with the ids of this site instead of those of the demo."""
    address = re.sub(
        r"(?<=/)(pages|articles)/(\d+)(?=/)",
        lambda match: f"{match[1]}/{site.ids.get(match[2], match[2])}",
        address,
    )
    return address.replace("/references/1/", f"/references/{site.cited.pk}/")


def check_request(
    client: Client, site: DocumentedSite, request: reading.Request
) -> list[str]:
    """Return where the answer is not what the document says."""
    answer = client.get(translate_ids(request.path, site), follow=True)
    problems = []
    if answer.status_code != request.status:
        problems.append(f"{answer.status_code}")
    problems += [
        f"{name} is {answer.get(name)}"
        for name, value in request.headers.items()
        if answer.get(name) != value
    ]
    if request.example is not None and not problems:
        problems += reading.find_differences(request.example, answer.json())
    return [f"{request.path}: {problem}" for problem in problems]


class SiteOpener:
    """Stands for ``urllib.request.urlopen`` and asks this site; ``asked`` holds the methods."""

    def __init__(self, client: Client, site: DocumentedSite):
        self.client, self.site = client, site
        self.asked: list[str] = []

    def __call__(self, request: str | UrlRequest) -> io.BytesIO:
        """Return the body of the answer.

        Raises:
            HTTPError: the answer is an error.
        """
        if isinstance(request, str):
            request = UrlRequest(request)  # noqa: S310
        parts = urlsplit(request.full_url)
        assert parts.netloc == "127.0.0.1:8000"
        method = request.get_method()
        self.asked.append(method)
        send: Any = self.client.get if method == "GET" else self.client.patch
        answer = send(
            translate_ids(f"{parts.path}?{parts.query}", self.site),
            data=request.data,
            content_type="application/json",
            headers=dict(request.header_items()),
            follow=True,
        )
        if answer.status_code != 200:
            raise HTTPError(request.full_url, answer.status_code, "", Message(), None)
        return io.BytesIO(answer.content)


def test_there_is_a_check_for_every_example():
    assert collect(checks.check_languages) == []


def find_addresses(text: str) -> list[str]:
    """Return the addresses that stand in the sentences and tables of a document."""
    addresses = re.findall(r"<http://127\.0\.0\.1:8000(/[^>]*)>", text)
    addresses += [
        code.replace("{id}", "11")
        for code in reading.find_code(text)
        if re.match(r"/api/v\d/\w", code) and reading.CUT not in code
    ]
    return [
        f"{address}?html_path=/en/" if address.endswith("/find/") else address
        for address in addresses
    ]


def test_requests_are_answered_as_shown(client, site):
    problems, count, addresses = [], 0, []
    for path in reading.DOCUMENTS:
        requests, lonely = reading.find_requests(reading.read(path))
        count += len(requests)
        for request in requests:
            problems += check_request(client, site, request)
        article = client.get(f"/api/v2/pages/{site.article.pk}/").json()
        for fence in lonely:
            part = PARTS[fence.heading](article)
            problems += reading.find_differences(json.loads(fence.body), part, fence.heading)  # fmt: skip
        addresses += find_addresses(reading.read(path))
    for address in addresses:
        problems += check_request(
            client, site, reading.read_request(f"GET {address}", None)
        )
    assert problems == []
    assert count > 10
    assert len(addresses) > 20
    for wrong in (
        "GET /api/v2/nothing/",
        "GET /api/v2/pages/11/\nHTTP/1.1 404 Not Found",
        "GET /api/v2/pages/11/\nHTTP/1.1 200 OK\nContent-Type: text/html",
    ):
        assert check_request(client, site, reading.read_request(wrong, None)), wrong


def test_the_query_counts_are_those_measured(client, site):
    documented, measured = {}, {}
    for address, count in reading.find_table(reading.read(FRONTEND), "queries"):
        url = translate_ids(address.strip("`"), site)
        for _ in range(2):
            client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        documented[address], measured[address] = int(count), len(captured)
    assert documented == measured


def test_python_examples_run(client, site, django_user_model):
    user = django_user_model.objects.create_superuser("admin", password="x")  # noqa: S106
    _token, key = APIToken.create_token(user=user, name="docs")
    for source in checks.find_scripts(reading.read(FRONTEND)):
        urlopen = SiteOpener(client, site)
        names = checks.run_script(source.replace("YOUR-TOKEN", key), urlopen)
        assert names["article"]["body"]
        assert urlopen.asked
    assert urlopen.asked == ["GET", "PATCH"]
    wrong = (
        "from urllib.request import urlopen\nurlopen('http://127.0.0.1:8000/api/v2/x/')"
    )
    with pytest.raises(HTTPError):
        checks.run_script(wrong, SiteOpener(client, site))
    site.article.refresh_from_db()
    draft = site.article.get_latest_revision_as_object()
    assert draft.body[0].value["heading"] == "About this article"


def test_settings_examples_are_accepted():
    scripts = [
        source
        for path in reading.DOCUMENTS
        if path != FRONTEND
        for source in checks.find_scripts(reading.read(path))
    ]
    assert scripts
    assert [checks.check_settings_example(source) for source in scripts] == [[]] * len(
        scripts
    )


def build_host_project(
    folder, files: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Write somebody else's project into a folder and run it."""
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        (file.parent / "__init__.py").touch()
        if name == "project/settings.py":
            content = BASE_SETTINGS + content
        file.write_text(content, encoding="utf-8")
    return subprocess.run(  # noqa: S603
        [sys.executable, str(reading.REPOSITORY / "tests" / "docs" / "host_project.py")],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(reading.REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )  # fmt: skip


def test_the_host_project_works(tmp_path):
    files = checks.find_files(reading.read(HOST))
    assert files.keys() == {
        "project/settings.py",
        "project/urls.py",
        "articles/models.py",
        "articles/blocks.py",
    }
    result = build_host_project(tmp_path, files)
    assert result.returncode == 0, result.stderr


def test_a_host_project_with_the_apps_in_the_wrong_order_fails(tmp_path):
    files = checks.find_files(reading.read(HOST))
    settings = files["project/settings.py"]
    files["project/settings.py"] = settings.replace(
        '    "treatments",\n', "", 1
    ).replace('    "modelcluster",\n', '    "treatments",\n    "modelcluster",\n')
    assert "treatments.E001" in build_host_project(tmp_path, files).stderr


@pytest.mark.skipif(shutil.which("node") is None, reason="node is missing")
def test_javascript_examples_can_be_read(tmp_path):
    assert collect(lambda text: checks.check_javascript(text, tmp_path)) == []
    broken = "```javascript\nconst = 1;\n```\n"
    assert checks.check_javascript(broken, tmp_path)


def test_shell_examples_name_commands_that_exist():
    assert collect(checks.check_shell) == []


def test_names_in_code_style_exist():
    assert collect(checks.check_names) == []


def test_no_document_names_a_place_on_one_machine():
    assert collect(checks.check_machine_paths) == []


def test_links_and_images_lead_somewhere():
    documents = [*reading.DOCUMENTS, *reading.OTHERS]
    problems = [
        f"{path.name}: {problem}"
        for path in documents
        for problem in reading.find_link_problems(reading.read(path), path.parent)
    ]
    assert problems == []


def test_every_document_is_in_the_table_of_contents():
    contents = reading.REPOSITORY / "docs" / "README.md"
    folder = contents.parent
    linked = set(re.findall(r"\]\(([\w./-]+\.md)\)", reading.read(contents)))
    found = {str(path.relative_to(folder)) for path in folder.rglob("*.md")}
    assert found - {"README.md"} <= linked


def test_images_are_small_and_used():
    images = sorted((reading.REPOSITORY / "docs" / "images").iterdir())
    texts = "".join(reading.read(path) for path in reading.DOCUMENTS)
    assert images
    assert [checks.check_image(path) for path in images] == [[]] * len(images)
    assert [path.name for path in images if f"images/{path.name})" not in texts] == []


def test_the_block_reference_is_up_to_date():
    document = reading.read(FRONTEND)
    assert block_reference.replace_reference(document) == document
    assert "| `callout` |" in document
    outdated = document.replace("| `callout` | `kind` choice", "| `callout` | `look`")
    assert outdated != document
    assert block_reference.replace_reference(outdated) != outdated


def test_the_block_reference_has_the_keys_of_the_answers(client, site):
    rows = re.findall(r"^\| (`[a-z_`, ]+`) \| (.*) \|$", reading.read(FRONTEND), re.M)
    keys = {
        name: set(re.findall(r"(?:^|· )`(\w+)`", value))
        for types, value in rows
        for name in re.findall(r"`(\w+)`", types)
    }
    seen = set()

    def walk(value: Any) -> None:
        if isinstance(value, list):
            for item in value:
                walk(item)
        elif isinstance(value, dict):
            if value.keys() == {"type", "id", "value"}:
                seen.add(value["type"])
                if isinstance(value["value"], dict) and value["type"] != "rich_text":
                    assert value["value"].keys() == keys[value["type"]], value["type"]
            for item in value.values():
                walk(item)

    walk(client.get(f"/api/v2/pages/{site.article.pk}/").json()["body"])
    assert set(SectionContentStreamBlock().child_blocks) <= seen


def test_editors_learn_about_every_block():
    labels = [str(block.label) for block in SectionContentStreamBlock().child_blocks.values()]  # fmt: skip
    rows = reading.find_table(reading.read(EDITORS), "every block")
    assert sorted(row[0].strip("*") for row in rows) == sorted(labels)


def test_messages_are_worded_as_in_the_admin():
    patterns = reading.find_strings("treatments", "snippets")

    def is_known(message: str) -> bool:
        return any(pattern.fullmatch(message) for pattern in patterns)

    messages = [row[0].strip("“”") for row in reading.find_table(reading.read(EDITORS), "messages")]  # fmt: skip
    assert len(messages) > 10
    assert [message for message in messages if not is_known(message)] == []
    assert is_known("At least 5 cannot apply: the list has 2 criteria.")
    assert not is_known("At least 5 may not apply: the list has 2 criteria.")


def test_labels_are_worded_as_in_the_admin():
    strings = reading.find_strings("treatments", "snippets")
    known = {pattern.pattern.replace("\\", "").lower() for pattern in strings}
    known |= {word.lower() for word in WAGTAIL_WORDS}
    text = reading.read(EDITORS)
    tables = re.findall(r"\*\*([^*\n]+)\*\*", text)
    sentences = re.compile(r"[.:]$|^After you|^The |^Publish in|^draft$|^no drafts$")
    labels = [label for label in tables if not sentences.search(label)]
    assert len(labels) > 50
    assert [label for label in labels if label.lower() not in known] == []


def test_operators_learn_about_every_variable():
    rows = reading.find_table(reading.read(OPERATORS), "variables")
    named = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row[0])]
    assert sorted(named) == sorted(checks.find_variables())


def test_make_commands_in_the_sentences_exist():
    named = {
        name
        for path in reading.DOCUMENTS
        for name in re.findall(
            r"\bmake ([a-z-]+)", " ".join(reading.find_code(reading.read(path)))
        )
    }
    assert {"demo", "demo-reset", "test"} <= named <= checks.find_make_targets()


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.check_languages, "```yaml\na: 1\n```\n"),
        (checks.check_languages, "```\nplain\n```\n"),
        (checks.check_machine_paths, "See /root/project."),
        (checks.check_shell, "```sh\nmake nothing\n```\n"),
        (checks.check_shell, "```sh\nnpx nothing\n```\n"),
        (checks.check_shell, "```sh\nmake demo PROT=1\n```\n"),
        (checks.check_shell, "```sh\npython manage.py nothing\n```\n"),
        (checks.check_shell, "```sh\npython manage.py migrate --nothing\n```\n"),
        (checks.check_shell, "```sh\npython manage.py api_tokens create\n```\n"),
        (checks.check_shell, "```sh\npython -m pip install -r nothing.txt\n```\n"),
        (checks.check_shell, "```sh\npython -m pip install dist/other-1.whl\n```\n"),
        (checks.check_shell, "```sh\nNO_SUCH_VARIABLE=1\n```\n"),
        (checks.check_shell, "```sh\nexport DJANGO_SETTINGS_MODULE=cms.settings.no\n```\n"),
        (checks.check_shell, "```sh\n.venv/bin/gunicorn cms.nothing\n```\n"),
        (checks.check_shell, "```sh\nsqlite3 other.sqlite3\n```\n"),
        (checks.check_shell, "```sh\nwget something\n```\n"),
        (checks.check_names, "Set `NO_SUCH_VARIABLE`."),
        (checks.check_names, "See `treatments.api.nothing`."),
        (checks.check_names, "See `treatments.models.NothingPage`."),
        (checks.check_names, "See `treatments.NothingPage`."),
        (checks.check_names, "The check `treatments.E999`."),
        (checks.check_names, "Read `tests/docs/nothing.py`."),
        (checks.check_names, "Run `make nothing`."),
        (lambda text: reading.find_link_problems(text, EDITORS.parent), "[x](no.md)"),
        (lambda text: reading.find_link_problems(text, EDITORS.parent), "[x](#no)"),
        (lambda text: reading.find_link_problems(text, EDITORS.parent), "[x](editors.md#no)"),
        (lambda text: reading.find_link_problems(text, EDITORS.parent), "![x](images/no.png)"),
        (checks.check_settings_example, 'TREATMENTS = {"COLOR": "red"}'),
    ],
)  # fmt: skip
def test_each_check_finds_a_mistake(check, wrong):
    assert check(wrong)


@pytest.mark.parametrize(
    ("example", "answer"),
    [
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 1, "b": 1}),
        ({"a": 1, "…": "…"}, {"b": 1}),
        ({"a": "x"}, {"a": 1}),
        ({"a": "x"}, {"a": None}),
        ({"a": True}, {"a": 1}),
        ({"a": 1}, {"a": True}),
        ({"a": []}, {"a": {}}),
        ({"a": {}}, {"a": []}),
        ([{"a": 1}, "…"], []),
        ([{"a": 1}], [{"b": 1}]),
        ([{"type": "x", "value": 1}], [{"type": "y", "value": 1}]),
    ],
)
def test_a_wrong_json_example_is_found(example, answer):
    assert reading.find_differences(example, answer)


@pytest.mark.parametrize(
    ("example", "answer"),
    [
        ({"a": None}, {"a": 1}),
        ({"a": "…", "…": "…"}, {"a": [], "b": 1}),
        ({"a": 6.0}, {"a": 6}),
        (["…"], []),
        ([{"a": 1}], [{"b": 1}, {"a": 2}]),
    ],
)
def test_a_right_json_example_is_accepted(example, answer):
    assert reading.find_differences(example, answer) == []


def test_a_large_image_is_found(tmp_path):
    file = tmp_path / "large.png"
    file.write_bytes(b"GIF" + b"0" * checks.MAX_IMAGE_BYTES)
    assert len(checks.check_image(file)) == 2
