"""The table of attacks on draft links: whatever is tried, no draft and no live article instead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from tests import factories
from tests.preview.conftest import DRAFTS, WORDS
from tests.treatments.api_calls import create_token, read_problem
from treatments.api.http.problems import ProblemType
from treatments.preview.links import LinkError, create_link, end_link
from treatments.preview.models import DraftLink, DraftLinkUse

pytestmark = pytest.mark.django_db


def ask(
    client,
    token=None,
    address=DRAFTS,
    status=404,
    kind=ProblemType.NOT_FOUND,
    **headers,
):
    """Return the problem that is answered, after checking that it tells nothing and is kept nowhere."""
    if token is not None:
        headers["X-Draft-Token"] = token
    answer = client.get(address, headers=headers)
    assert not any(words in answer.content for words in WORDS)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "X-Draft-Token" in answer["Vary"]
    assert "ETag" not in answer
    return read_problem(answer, status, kind)


@pytest.fixture
def shared(article, share):
    return share(article)


def test_a_token_that_nobody_had_is_answered_alike_whatever_it_looks_like(
    client, shared
):
    _link, token = shared
    problems, costs = [], []
    guesses = (
        "", "x", "wtd_" + "A" * 43, token[:-1], token + "A", token.upper(), token[4:],
        "wtd_", "\u00e9\u00fc", "a" * 4000, f"{token},{token}", "' OR 1=1 --",
    )  # fmt: skip
    for guess in guesses:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            problems.append(ask(client, guess.encode().decode("latin-1")))
        costs.append([query["sql"].split("WHERE")[0] for query in queries])
    problems.append(ask(client))
    assert all(problem == problems[0] for problem in problems)
    assert all(cost == costs[0] for cost in costs)
    assert len([query for query in costs[0] if "treatments_preview" in query]) == 1
    assert not DraftLinkUse.objects.exists()


def test_a_part_of_a_revoked_token_is_answered_like_one_that_never_was(client, shared):
    link, token = shared
    unknown = ask(client, "wtd_" + "A" * 43)
    end_link(link)
    assert ask(client, token[:-1]) == unknown
    assert ask(client, token + "=") == unknown


def test_only_a_hash_of_the_token_is_kept(shared):
    link, token = shared
    row = DraftLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(row)
    assert token[4:] not in str(row)
    assert len(token) > 44


def test_an_expired_link_is_gone_and_says_so(client, article, share, time_machine):
    _link, token = share(article)
    time_machine.move_to(timezone.now() + timedelta(days=13, hours=23))
    assert client.get(DRAFTS, headers={"X-Draft-Token": token}).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "expired"
    assert DraftLinkUse.objects.filter(kind=DraftLinkUse.Kind.REFUSED).count() == 1


def test_a_revoked_link_is_gone_at_once(client, shared, editor):
    link, token = shared
    assert end_link(link, user=editor)
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "revoked"
    link.refresh_from_db()
    assert link.ended_by == editor
    assert not end_link(link)


def test_a_link_does_not_outlive_its_page_nor_come_back_with_another(
    client, article, index, shared
):
    _link, token = shared
    slug = article.slug
    article.delete()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "deleted"
    factories.create_article(index, slug=slug)
    assert ask(client, token, status=410, kind=ProblemType.GONE)["reason"] == "deleted"


def test_a_deleted_parent_takes_the_link_along(client, index, shared):
    _link, token = shared
    index.delete()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "deleted"


def test_unpublishing_ends_the_link_for_ever(client, article, shared):
    _link, token = shared
    article.unpublish()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "unpublished"
    factories.publish(article)
    assert ask(client, token, status=410, kind=ProblemType.GONE) == problem


def test_locking_the_article_ends_the_link_for_ever(client, article, shared):
    _link, token = shared
    article.locked = True
    article.save()
    article.locked = False
    article.save()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "locked"


def test_making_it_private_ends_the_link_wherever_above(client, index, shared):
    _link, token = shared
    restriction = PageViewRestriction.objects.create(
        page=index, restriction_type=PageViewRestriction.LOGIN
    )
    restriction.delete()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "locked"


def test_moving_it_below_a_private_page_ends_the_link(client, site, article, shared):
    _link, token = shared
    private = site.add_child(
        instance=type(site.index)(
            title="Private", slug="private", locale=factories.get_locale("en")
        )
    )
    private.view_restrictions.create(restriction_type="login")
    article.move(private, pos="last-child")
    article.refresh_from_db()
    site.index.refresh_from_db()
    article.move(site.index, pos="last-child")
    # It does not come back with the page.
    assert ask(client, token, status=410, kind=ProblemType.GONE)["reason"] == "locked"


def test_no_redirect_of_a_draft_is_kept(client, shared, settings):
    settings.SECURE_SSL_REDIRECT = True
    for address in (DRAFTS, DRAFTS.rstrip("/"), f"{DRAFTS}comments/"):
        answer = client.get(address)
        assert answer.status_code == 301
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"
        assert "X-Draft-Token" in answer["Vary"]


@pytest.mark.parametrize("loss", ["permission", "inactive", "deleted"])
def test_a_link_stops_with_the_right_of_whoever_shared_it(client, editor, shared, loss):
    _link, token = shared
    if loss == "permission":
        editor.groups.clear()
    elif loss == "inactive":
        editor.is_active = False
        editor.save()
    else:
        editor.delete()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "revoked"
    assert "sharer" not in problem["detail"]


def test_a_purged_revision_is_not_replaced_by_another_one(client, article, share):
    _link, token = share(article, is_pinned=True)
    pinned = article.latest_revision
    article.summary = "Later words."
    article.save_revision()
    pinned.delete()
    problem = ask(client, token, status=410, kind=ProblemType.GONE)
    assert problem["reason"] == "deleted"


def test_a_token_opens_no_other_language(client, site, article, share, admin_user):
    factories.create_spanish_tree(site)
    factories.to_spanish(article)
    _link, token = share(article, admin_user)
    for code in ("es", "fr", "en-gb", "EN", "", "x" * 300):
        ask(client, token, f"{DRAFTS}?locale={code}")


@pytest.mark.parametrize(
    "name", ["page", "page_id", "id", "revision", "version", "link"]
)
def test_a_token_opens_no_other_page_or_revision(client, shared, index, name):
    _link, token = shared
    ask(
        client, token, f"{DRAFTS}?{name}={index.pk}", 400, ProblemType.UNKNOWN_PARAMETER,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["token", "x-draft-token", "X-Draft-Token", "key"])
def test_a_token_in_the_address_is_refused_and_not_used(client, shared, name):
    link, token = shared
    problem = ask(
        client, None, f"{DRAFTS}?{name}={token}", 400, ProblemType.UNKNOWN_PARAMETER,
    )  # fmt: skip
    assert token not in str(problem)
    assert not link.uses.exists()


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "Token ", ""])
def test_a_token_in_authorization_is_refused_and_not_used(client, shared, scheme):
    link, token = shared
    problem = ask(
        client, None, DRAFTS, 400, ProblemType.MALFORMED_REQUEST,
        Authorization=f"{scheme}{token}",
    )  # fmt: skip
    assert "X-Draft-Token" in problem["detail"]
    assert token not in str(problem)
    assert not link.uses.exists()
    # Together with the right header it is a mistake of the frontend as well.
    ask(
        client, token, DRAFTS, 400, ProblemType.MALFORMED_REQUEST,
        Authorization=f"Bearer {token}",
    )  # fmt: skip


def test_the_token_of_a_user_opens_no_draft_here(client, shared):
    token = create_token(is_superuser=True)
    ask(
        client, None, DRAFTS, 400, ProblemType.MALFORMED_REQUEST,
        Authorization=f"Bearer {token}",
    )  # fmt: skip
    ask(client, token)


def test_a_draft_token_opens_nothing_else_of_the_api(client, article, shared):
    _link, token = shared
    for address in (
        f"/api/v3/pages/{article.pk}/?version=draft",
        f"/api/v3/articles/{article.pk}/",
        f"/api/v2/pages/{article.pk}/",
    ):
        for headers in ({"Authorization": f"Bearer {token}"}, {"X-Draft-Token": token}):
            answer = client.get(address, headers=headers)
            assert WORDS[0] not in answer.content
    answer = client.get("/api/v3/whoami/", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_a_password_of_a_server_in_front_does_not_disturb(client, shared):
    _link, token = shared
    answer = client.get(
        DRAFTS, headers={"X-Draft-Token": token, "Authorization": "Basic c3RhZ2luZzp4"}
    )
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"


class SharedCache:
    """A cache as RFC 9111 allows it: keeps what it may, by address and by the headers in Vary."""

    def __init__(self, client):
        self.client, self.kept = client, {}

    def get(self, address, **headers):
        for (kept, names), (values, answer) in self.kept.items():
            if kept == address and values == [headers.get(name) for name in names]:
                return answer
        answer = self.client.get(address, headers=headers)
        control = answer.get("Cache-Control", "")
        if not {"no-store", "private"} & {part.strip() for part in control.split(",")}:
            names = tuple(
                name.strip() for name in answer.get("Vary", "").split(",") if name
            )
            self.kept[address, names] = (
                [headers.get(name) for name in names],
                answer,
            )
        return answer


def test_a_shared_cache_shows_a_draft_to_nobody_else(client, article, shared):
    _link, token = shared
    cache = SharedCache(client)
    address = f"/api/v3/articles/{article.pk}/"
    cache.get(address)
    assert (address, ("Accept-Encoding",)) in cache.kept
    first = cache.get(DRAFTS, **{"X-Draft-Token": token})
    assert WORDS[0] in first.content
    for headers in ({}, {"X-Draft-Token": token[:-1]}, {"If-None-Match": "*"}):
        answer = cache.get(DRAFTS, **headers)
        assert answer.status_code == 404
        assert WORDS[0] not in answer.content
    assert not [key for key in cache.kept if key[0].startswith(DRAFTS)]


def test_nothing_is_answered_from_a_browsers_cache_after_the_end(client, shared):
    link, token = shared
    end_link(link)
    answer = client.get(DRAFTS, headers={"X-Draft-Token": token, "If-None-Match": "*"})
    assert answer.status_code == 410


def test_minting_needs_the_right_to_edit_that_very_page(
    article, index, site, share, make_editor, django_user_model
):
    other = factories.create_article(index, title="Other", slug="other")
    stranger = make_editor(other, "stranger")
    for user in (stranger, django_user_model.objects.create_user("nobody")):
        with pytest.raises(PermissionDenied):
            create_link(article, user, recipient_name="Me")
    with pytest.raises(PermissionDenied):
        create_link(index, stranger, recipient_name="Me")
    assert not DraftLink.objects.exists()
    assert create_link(other, stranger, recipient_name="Me")[1].startswith("wtd_")


def test_minting_needs_the_right_to_edit_each_language(site, article, share, editor):
    factories.create_spanish_tree(site)
    factories.to_spanish(article)
    with pytest.raises(LinkError):
        share(article, locales=["es"])
    with pytest.raises(LinkError):
        share(article, locales=["fr"])
    assert not DraftLink.objects.exists()


def test_no_link_is_made_for_what_is_locked_away_or_for_ever(article, share):
    for days in (-1, 0, 400):
        with pytest.raises(LinkError):
            share(article, expires_at=timezone.now() + timedelta(days=days))
    article.view_restrictions.create(restriction_type="login")
    with pytest.raises(LinkError):
        share(article)
    assert not DraftLink.objects.exists()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_is_written_to_a_draft(client, shared, method):
    _link, token = shared
    answer = getattr(client, method)(DRAFTS, headers={"X-Draft-Token": token})
    assert answer.status_code == 405
    assert answer["Cache-Control"] == "private, no-store"


def test_a_frontend_elsewhere_may_send_the_header(client, shared, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://read.example.org"]
    settings.CORS_URLS_REGEX = r"^/api/"
    answer = client.options(
        DRAFTS,
        headers={
            "Origin": "https://read.example.org",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "x-draft-token",
        },
    )
    assert "x-draft-token" in answer["Access-Control-Allow-Headers"]
