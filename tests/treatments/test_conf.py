"""Each setting takes its own type and bounds, and says so of anything else."""

from __future__ import annotations

from typing import get_args

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from pydantic import ValidationError

from snippets.models import Contributor
from treatments.conf import (
    REVIEW_KINDS,
    RULES,
    SETTINGS,
    Role,
    TreatmentsConf,
    find_setting_errors,
    get_conf,
)
from treatments.models import TreatmentPage

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
NOT_WHOLE = ["5", 1.5, 1.0, True, None, [], -1, 10**9]
NO_NUMBER = ["5", True, None, [], -1, 721, float("nan"), float("inf")]
NO_SWITCH = ["yes", "True", 1, 0, None]
NO_TEXT = ["", None, 3, b"a.html", ["a.html"]]
NO_URL = ["", "www.example.org", "ftp://example.org", " https://example.org", 3]
NO_RATE = ["", "30", "30/year", "0/min", "-1/s", "30 / min", "30/min\n", 30, ["30/min"]]
#: Setting → values that it refuses.
WRONG = {
    "ALLOW_FLUSH": NO_SWITCH,
    "ANONYMOUS_WRITE_RATE": NO_RATE,
    "ASGI_STREAMS": [*NOT_WHOLE, 100_001],
    "AUDIT_KEY": ["", "secret", KEY[:-1], f"{KEY}\n", f"{KEY[:-4]}", KEY.encode(), 1],
    "BUILD_ON_COMMIT": [*NOT_WHOLE, 1_001],
    "CACHE_MAX_AGE": [*NOT_WHOLE, 31_536_001],
    "CACHE_STALE_WHILE_REVALIDATE": [*NOT_WHOLE, 31_536_001],
    "COMMENT_MAX_LENGTH": [*NOT_WHOLE, 100_001],
    "COMMENT_RATE": [*NO_RATE, None],
    "DRAFT_LINK_DAYS": [*NOT_WHOLE, 0, 91],
    "FRONTEND_URL": NO_URL,
    "IMAGE_RENDITIONS": [None, [], {"a": 1}, {1: "a"}, {"a": None}, "a"],
    "MEDIA_INTERNAL_URL": ["", "/", "//", "media/", "/media", "http://a/", 3],
    "PREVIEW_MINUTES": [*NOT_WHOLE, 0, 1441],
    "PREVIEW_URL": NO_URL,
    "PREVIEW_VIEW": NO_TEXT,
    "READER_TEMPLATE": NO_TEXT,
    "REQUIRE_IF_MATCH": NO_SWITCH,
    "REVIEW_POLICY": [None, [], {"surgery": {}}, {1: {}}, {"default": []}, {"default": None}],
    "SEARCH_BACKEND": ["", "Backend", ".Backend.", ".", 3, ["a.b"]],
    "SEARCH_BACKEND_ALIAS": NO_TEXT,
    "TRUSTED_PROXY_COUNT": [*NOT_WHOLE, 11],
    "WEBHOOK_ALLOWED_HOSTS": ["localhost", {"localhost"}, ["http://a"], ["localhost:80"], [""], ["a\n"], [1], None],
    "WEBHOOK_RETENTION_DAYS": [*NOT_WHOLE, 0, 3651],
    "WEBHOOK_SECRET_OVERLAP": NO_NUMBER,
    "WEBHOOK_TIMEOUT": [*NO_NUMBER, 0, 0.9, 120.1],
    "WSGI_STREAMS": [*NOT_WHOLE, 1_001],
}  # fmt: skip
#: Rule about reviews → values that it refuses.
WRONG_RULES = {
    "approvals": [*NOT_WHOLE, 0, 11],
    "due_soon_days": [*NOT_WHOLE, 366],
    "editing": ["never", None, True, ["lock"]],
    "guests": ["never", None, True, ["count"]],
    "interval_months": [*NOT_WHOLE, 0, 121],
    "overdue": ["never", None, True, ["notice"]],
    "publishing": ["never", None, True, ["free"]],
    "remind_days": [*NOT_WHOLE, 366],
    "roles": [[], (), ["author"], [1], "editor", {"editor"}, None],
}
#: Setting → the first, the last and other values that it takes.
RIGHT = {
    "ALLOW_FLUSH": [True, False],
    "ANONYMOUS_WRITE_RATE": ["1/s", "999999/d", None],
    "ASGI_STREAMS": [0, 100_000],
    "AUDIT_KEY": [KEY, None],
    "BUILD_ON_COMMIT": [0, 1_000],
    "CACHE_MAX_AGE": [0, 31_536_000],
    "CACHE_STALE_WHILE_REVALIDATE": [0, 31_536_000],
    "COMMENT_MAX_LENGTH": [0, 100_000],
    "COMMENT_RATE": ["1/s"],
    "DRAFT_LINK_DAYS": [1, 90],
    "FRONTEND_URL": ["http://localhost:3000", "https://example.org/", None],
    "IMAGE_RENDITIONS": [{}, {"card": "fill-640x360"}],
    "MEDIA_INTERNAL_URL": ["/a/", "/a/b/", None],
    "PREVIEW_MINUTES": [1, 1440],
    "PREVIEW_URL": ["https://example.org/{locale}/", None],
    "PREVIEW_VIEW": ["a.b"],
    "READER_TEMPLATE": ["a.html"],
    "REQUIRE_IF_MATCH": [True, False],
    "REVIEW_POLICY": [{}, {kind: {} for kind in REVIEW_KINDS}],
    "SEARCH_BACKEND": ["a.B", "a.b.C", None],
    "SEARCH_BACKEND_ALIAS": ["articles"],
    "TRUSTED_PROXY_COUNT": [0, 10],
    "WEBHOOK_ALLOWED_HOSTS": [[], ("a",), ["intranet", "10.0.0.1", "fd00::1"]],
    "WEBHOOK_RETENTION_DAYS": [1, 3650],
    "WEBHOOK_SECRET_OVERLAP": [0, 0.5, 720],
    "WEBHOOK_TIMEOUT": [1, 2.5, 120],
    "WSGI_STREAMS": [0, 1_000],
}


def test_every_setting_and_every_rule_has_its_cases():
    assert set(WRONG) == set(RIGHT) == set(SETTINGS)
    assert set(WRONG_RULES) == set(RULES)


@pytest.mark.parametrize("name", WRONG)
def test_each_wrong_value_gets_one_sentence(name):
    sentence = f"TREATMENTS[{name!r}] must be {SETTINGS[name].description}."
    for value in WRONG[name]:
        assert find_setting_errors({name: value}) == [sentence], value


@pytest.mark.parametrize("name", WRONG_RULES)
def test_each_wrong_rule_gets_one_sentence(name):
    start = f"TREATMENTS['REVIEW_POLICY']['procedure'][{name!r}] must be "
    for value in WRONG_RULES[name]:
        given = {"REVIEW_POLICY": {"procedure": {name: value}}}
        errors = find_setting_errors(given)
        assert [error.startswith(start) for error in errors] == [True], value


@pytest.mark.parametrize("name", RIGHT)
def test_right_values_are_taken(name):
    for value in RIGHT[name]:
        assert find_setting_errors({name: value}) == [], value


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "TREATMENTS must be a dictionary."),
        (None, "TREATMENTS must be a dictionary."),
        ({"WEBHOOK_TIMEOUT": "5"}, "TREATMENTS['WEBHOOK_TIMEOUT'] must be a number from 1 to 120."),
        ({"BUILD_ON_COMMIT": -1}, "TREATMENTS['BUILD_ON_COMMIT'] must be a whole number from 0 to 1000."),
        ({"ALLOW_FLUSH": "yes"}, "TREATMENTS['ALLOW_FLUSH'] must be True or False."),
        ({"FRONTEND": "x"}, f"TREATMENTS has an unknown setting 'FRONTEND'. The settings are: {', '.join(sorted(SETTINGS))}."),
        (
            {"REVIEW_POLICY": {"default": {"guests": "never"}}},
            "TREATMENTS['REVIEW_POLICY']['default']['guests'] must be 'count' or 'advise'.",
        ),
        (
            {"REVIEW_POLICY": {"default": {"roles": ["author"]}}},
            "TREATMENTS['REVIEW_POLICY']['default']['roles'] must be a list of some of "
            "clinical_reviewer, patient_reviewer, editor, translator.",
        ),
        (
            {"REVIEW_POLICY": {"default": {"interval": 12}}},
            "TREATMENTS['REVIEW_POLICY']['default'] has an unknown rule 'interval'. "
            f"The rules are: {', '.join(sorted(RULES))}.",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_said_in_full(given, sentence):
    assert find_setting_errors(given) == [sentence]


@pytest.mark.parametrize("name", ["frontend_url", "Frontend_Url", 1])
def test_a_name_is_taken_as_it_is_documented_only(name):
    (error,) = find_setting_errors({name: "https://example.org"})
    assert error.startswith(f"TREATMENTS has an unknown setting {name!r}.")


def test_each_mistake_is_said():
    given = {"FRONTEND": 1, "WEBHOOK_ALLOWED_HOSTS": [1, 2], "ALLOW_FLUSH": 1}
    assert len(find_setting_errors(given)) == 3


def test_a_wrong_key_is_never_repeated():
    with (
        override_settings(TREATMENTS={"AUDIT_KEY": "not-for-logs"}),
        pytest.raises(ImproperlyConfigured) as raised,
    ):
        get_conf()
    assert "not-for-logs" not in str(raised.value)
    assert raised.value.__context__ is None
    assert KEY not in repr(TreatmentsConf.model_validate({"AUDIT_KEY": KEY}))


def test_a_changed_setting_counts_at_once():
    before = get_conf()
    with override_settings(TREATMENTS={"BUILD_ON_COMMIT": 1}):
        assert get_conf().build_on_commit == 1
        with (
            # Equal to 1.
            override_settings(TREATMENTS={"BUILD_ON_COMMIT": True}),
            pytest.raises(ImproperlyConfigured),
        ):
            get_conf()
        assert get_conf().build_on_commit == 1
    assert get_conf() == before


def test_what_is_in_force_cannot_be_changed():
    conf = get_conf()
    assert get_conf() is conf
    with pytest.raises(ValidationError):
        setattr(conf, "allow_flush", False)  # noqa: B010 - what the type checker refuses too


def test_values_are_kept_as_they_are_used():
    given = {
        "FRONTEND_URL": "https://example.org/",
        "WEBHOOK_ALLOWED_HOSTS": ["intranet"],
        "WEBHOOK_SECRET_OVERLAP": 48,
    }
    conf = TreatmentsConf.model_validate(given)
    assert conf.frontend_url == "https://example.org"
    assert conf.webhook_allowed_hosts == ("intranet",)
    # The admin says "48 hours", not "48.0".
    assert str(conf.webhook_secret_overlap) == "48"


def test_the_words_of_the_rules_are_those_of_the_models():
    assert ("default", *TreatmentPage.Kind.values) == REVIEW_KINDS
    assert set(get_args(Role)) <= set(Contributor.Role.values)
