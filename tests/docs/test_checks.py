"""The checks of the documents find what is wrong, and nothing where all is right."""

from __future__ import annotations

import pytest

from tests.docs import checks, reading
from tests.docs.reading import EDITORS


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (checks.check_languages, "```yaml\na: 1\n```\n"),
        (checks.check_languages, "```\nplain\n```\n"),
        (checks.check_machine_paths, "See /root/project."),
        (checks.check_tables, "| a | b |\n|---|---|\n| 1 |\n"),
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
        (checks.check_settings_example, 'WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": "treatments.nothing"}}'),
        (checks.check_vcl, "```vcl\nvcl 4.1;\n```\n"),
        (checks.check_nginx, "```nginx\nlocation /media/ {\n    alias /srv/media/;\n}\n```\n"),
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
