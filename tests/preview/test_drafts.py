"""What a draft link shows: the article of the contract, from the revision, and what it has chosen."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone
from wagtail.models import Page

from tests import factories
from tests.preview.conftest import DRAFTS
from treatments.hashes.content import hash_sections, select_content
from treatments.ports.drafts import LINK_HEADER, get_grant, read_draft
from treatments.preview.models import DraftLinkUse

pytestmark = pytest.mark.django_db


def test_a_link_shows_the_latest_draft_in_the_shape_of_the_live_article(
    article, share, read, client
):
    link, token = share(article, purpose="Is the dose right?")
    answer = read(token)
    live = client.get(f"/api/v3/articles/{article.pk}/").json()
    assert set(answer["article"]) == set(live)
    assert live["summary"] == "About Surgery."
    assert answer["article"]["summary"] == "What nobody may read yet."
    assert answer["article"]["body"] == live["body"]
    assert answer["link"] == {
        "recipient": "Dr. Sample",
        "purpose": "Is the dose right?",
        "expires_at": link.expires_at.isoformat(),
        "is_pinned": False,
        "locale": "en",
        "locales": ["en"],
        "may_comment": True,
        "may_decide": False,
    }
    assert answer["revision"]["id"] == article.latest_revision_id
    assert (
        answer["revision"]["content_hash"]
        == (answer["article"]["version"]["content_hash"])
    )
    sections = {each["id"]: each for each in answer["revision"]["sections"]}
    assert {key: each["hash"] for key, each in sections.items()} == hash_sections(
        answer["article"]
    )
    section = answer["article"]["body"][0]
    assert sections[section["id"]]["heading"] == "What it is"
    assert sections["summary"]["heading"] == ""


def without_envelope(article):
    """Return an article without the number of its version."""
    return {**article, "version": {**article["version"], "number": 0, "etag": ""}}


def test_live_pinned_and_past_are_the_same_content(index, share, read, client):
    targets = factories.create_targets(index)
    page, _sampler = factories.create_full_article(index, targets)
    _link, token = share(page, is_pinned=True)
    assert page.latest_revision_id == page.live_revision_id
    address = f"/api/v3/articles/{page.pk}/"
    live = client.get(address).json()
    past = client.get(address, {"as_of": timezone.now().isoformat()}).json()
    answer = read(token)
    pinned = answer["article"]
    assert {each["state"] for each in answer["manifest"]} == {"live"}
    assert select_content(pinned) == select_content(live)
    assert without_envelope(pinned) == without_envelope(live) == without_envelope(past)
    assert pinned["version"]["content_hash"] == live["version"]["content_hash"]


def test_a_pinned_link_stays_and_another_one_follows(article, share, read):
    _pinned, pinned = share(article, is_pinned=True)
    _following, following = share(article)
    article.summary = "Written later."
    article.save_revision().publish()
    assert read(pinned)["article"]["summary"] == "What nobody may read yet."
    assert read(pinned)["link"]["is_pinned"] is True
    assert read(following)["article"]["summary"] == "Written later."


def test_an_article_that_was_never_published_can_be_shared(index, share, read, client):
    page = factories.create_article(index, live=False, title="New", slug="new")
    _link, token = share(page)
    answer = read(token)
    assert answer["article"]["title"] == "New"
    assert answer["article"]["path"] == "/en/treatments/new/"
    assert answer["article"]["version"]["published_at"] is None
    assert client.get(f"/api/v3/articles/{page.pk}/").status_code == 404


def test_a_link_shows_its_languages_and_the_first_one_by_default(
    site, article, share, read, admin_user
):
    factories.create_spanish_tree(site)
    spanish = factories.to_spanish(article)
    spanish.summary = "Lo que nadie lee todavía."
    spanish.save_revision()
    _link, token = share(article, admin_user, locales=["es"])
    assert read(token)["article"]["locale"] == "en"
    answer = read(token, locale="es")
    assert answer["link"]["locales"] == ["en", "es"]
    assert answer["link"]["locale"] == "es"
    assert answer["article"]["id"] == spanish.pk
    assert answer["article"]["summary"] == "Lo que nadie lee todavía."


def choose_everything(index):
    """Return an article whose terms, references, people and pages are all drafts, by kind."""
    term = factories.create_term(definition="<p>Old definition.</p>")
    term.definition = "<p>New definition.</p>"
    term.save_revision()
    reference = factories.create_reference("A trial to come", live=False)
    condition = factories.create_condition(is_public=False)
    contributor = factories.Contributor.objects.create(
        name="Old Name", locale=factories.get_locale("en")
    )
    contributor.name = "New Name"
    contributor.save_revision()
    linked = factories.create_article(index, live=False, title="To come", slug="come")
    linked.summary = "Its second draft."
    linked.save_revision()
    page = factories.build_article(
        live=False,
        slug="chosen",
        intro=(
            f'<p><a linktype="glossary-term" id="{term.pk}">word</a>'
            f'<a linktype="citation" id="{reference.pk}">1</a>'
            f'<a linktype="page" id="{linked.pk}">more</a></p>'
        ),
    )
    index.refresh_from_db()
    index.add_child(instance=page)
    page.article_conditions.add(factories.TreatmentPageCondition(condition=condition))
    page.article_contributors.add(
        factories.TreatmentPageContributor(contributor=contributor)
    )
    page.related_articles.add(
        factories.TreatmentPageRelated(relation="more", related_page_id=linked.pk)
    )
    return factories.publish(page), {
        "glossary_term": term,
        "reference": reference,
        "condition": condition,
        "contributor": contributor,
        "page": linked,
    }


def test_whatever_is_chosen_stands_in_its_draft_state_where_the_sharer_may_edit_it(
    index, share, read, admin_user
):
    page, chosen = choose_everything(index)
    _link, token = share(page, admin_user)
    answer = read(token)
    article = answer["article"]
    assert article["glossary"][0]["definition"]["text"] == "New definition."
    assert article["references"][0]["title"] == "A trial to come"
    assert article["conditions"][0]["name"] == "Liver metastases"
    assert article["governance"]["authors"][0]["name"] == "New Name"
    related = article["related"][0]["page"]
    assert (related["title"], related["summary"]) == ("To come", "Its second draft.")
    assert 'data-reference="' in article["intro"]["html"]
    assert {
        (each["kind"], each["id"], each["state"]) for each in answer["manifest"]
    } == {(kind, thing.pk, "draft") for kind, thing in chosen.items()}
    assert all(each["title"] for each in answer["manifest"])


def test_what_the_sharer_may_not_edit_stays_as_the_public_gets_it(
    index, share, read, make_editor
):
    page, chosen = choose_everything(index)
    user = make_editor(page, "writer")
    _link, token = share(page, user)
    answer = read(token)
    article = answer["article"]
    assert article["glossary"][0]["definition"]["text"] == "Old definition."
    assert article["governance"]["authors"][0]["name"] == "Old Name"
    assert article["references"] == article["conditions"] == article["related"] == []
    states = {each["kind"]: each for each in answer["manifest"]}
    assert {kind: each["state"] for kind, each in states.items()} == {
        "glossary_term": "live",
        "contributor": "live",
        "reference": "missing",
        "condition": "missing",
        "page": "missing",
    }
    assert {states[kind]["title"] for kind in ("reference", "condition", "page")} == {
        ""
    }
    words = json.dumps(answer)
    assert "A trial to come" not in words
    assert "To come" not in words
    user.user_permissions.add(Permission.objects.get(codename="change_reference"))
    assert read(token)["article"]["references"][0]["title"] == "A trial to come"
    assert chosen["reference"].live is False


def test_drafts_of_what_is_chosen_are_never_in_public_answers(index, client):
    page, _chosen = choose_everything(index)
    words = client.get(f"/api/v3/articles/{page.pk}/").content.decode()
    for hidden in ("New definition", "A trial to come", "New Name", "second draft"):
        assert hidden not in words


def test_a_draft_behind_a_wall_is_missing(index, share, read, admin_user):
    image = factories.create_image()
    linked = factories.create_article(index, live=False, title="Secret", slug="secret")
    page = factories.create_article(
        index,
        title="Open",
        slug="open",
        hero_image=image,
        hero_image_alt="A drawing",
        intro=f'<p><a linktype="page" id="{linked.pk}">more</a></p>',
    )
    linked.view_restrictions.create(restriction_type="login")
    collection = image.collection.add_child(name="Private")
    collection.view_restrictions.create(restriction_type="login")
    type(image).objects.filter(pk=image.pk).update(collection=collection)
    _link, token = share(page, admin_user)
    answer = read(token)
    assert answer["article"]["hero"] is None
    assert {(each["kind"], each["state"]) for each in answer["manifest"]} == {
        ("image", "missing"),
        ("page", "missing"),
    }
    assert "Secret" not in json.dumps(answer)


def test_the_difference_is_told_since_what_the_link_has_shown(article, share, read):
    _link, token = share(article)
    first = read(token)["revision"]["id"]
    same = read(token, address="/api/v3/drafts/diff/", **{"from": first})
    assert same["differences"] == []
    assert read(token)["revision"]["previous_id"] is None
    article.summary = "What nobody may read at all."
    second = article.save_revision().pk
    assert read(token)["revision"]["previous_id"] == first
    assert read(token)["revision"]["previous_id"] == first
    answer = read(token, address="/api/v3/drafts/diff/", **{"from": first})
    assert answer["from"]["revision"] == first
    assert answer["to"]["revision"] == second
    assert answer["locale"] == "en"
    [difference] = answer["differences"]
    assert difference["kind"] == "changed"
    assert difference["old"] == "What nobody may read yet."
    assert difference["new"] == "What nobody may read at all."
    assert {run["mark"] for run in difference["words"]} == {"same", "removed", "added"}


def test_no_difference_is_told_to_what_the_link_has_not_shown(
    article, index, share, read
):
    other = factories.create_article(index, title="Other", slug="other", live=False)
    _link, token = share(article)
    earlier = article.revisions.order_by("pk").first().pk
    read(token)
    for revision in (earlier, other.latest_revision_id, 2**40):
        read(token, 404, address="/api/v3/drafts/diff/", **{"from": revision})


def test_each_use_is_noted_without_a_trace_of_the_caller(article, share, read, client):
    link, token = share(article)
    for _time in range(3):
        read(token)
    use = link.uses.get()
    assert (use.kind, use.locale, use.count) == (DraftLinkUse.Kind.READ, "en", 3)
    assert use.revision_id == article.latest_revision_id
    names = {field.name for field in DraftLinkUse._meta.get_fields()}
    assert names == {
        "id", "link", "kind", "locale", "revision_id", "first_at", "last_at", "count",
    }  # fmt: skip


def test_what_was_sent_is_told_from_what_was_accepted(article, share, client):
    link, token = share(article)

    def send(text):
        return client.post(
            f"{DRAFTS}comments/",
            {"text": text},
            content_type="application/json",
            headers={"X-Draft-Token": token},
        ).status_code

    kinds = DraftLinkUse.Kind
    assert send("") == 422
    assert set(link.uses.values_list("kind", flat=True)) == {kinds.TRIED}
    assert send("Why?") == 200
    assert dict(link.uses.values_list("kind", "count")) == {
        kinds.TRIED: 2,
        kinds.COMMENTED: 1,
    }


def test_the_number_of_queries_does_not_depend_on_the_article(
    index, share, read, django_assert_max_num_queries, admin_user
):
    def write(count, slug):
        terms = [factories.create_term(f"{slug} {number}") for number in range(count)]
        links = "".join(
            f'<a linktype="glossary-term" id="{term.pk}">{term.term}</a>'
            for term in terms
        )
        return factories.create_article(
            index, title=slug, slug=slug, intro=f"<p>{links}</p>"
        )

    tokens = [share(write(count, f"n{count}"), admin_user)[1] for count in (1, 12)]
    for token in tokens:
        read(token)
        with django_assert_max_num_queries(21):
            first = read(token)
        assert first["article"]["glossary"]
        page = Page.objects.get(pk=first["article"]["id"]).specific
        page.summary = "Changed."
        page.save_revision()
        read(token)
        query = {"from": first["revision"]["id"]}
        with django_assert_max_num_queries(36):
            answer = read(token, address="/api/v3/drafts/diff/", **query)
        assert answer["differences"]


def test_whoever_binds_a_decision_to_the_draft_gets_the_very_same_article(
    index, share, read, admin_user, rf
):
    page, _chosen = choose_everything(index)
    _link, token = share(page, admin_user, may_decide=True)
    grant = get_grant(
        rf.get("/api/v3/drafts/decisions/", headers={"X-Draft-Token": token})
    )
    assert (grant.page_id, grant.revision_id) == (page.pk, page.latest_revision_id)
    assert (grant.may_comment, grant.may_decide) == (True, True)
    assert grant.recipient_name == "Dr. Sample"
    assert json.loads(json.dumps(read_draft(grant))) == read(token)["article"]


@pytest.mark.parametrize("path", ["", "diff/?from=1", "comments/", "decisions/"])
@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
def test_a_draft_is_hidden_from_caches_where_a_host_has_no_middleware(
    article, share, settings, path, is_known
):
    _link, token = share(article)
    settings.MIDDLEWARE = []
    headers = {LINK_HEADER: token if is_known else "unknown"}
    answer = Client().get(f"{DRAFTS}{path}", headers=headers)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert LINK_HEADER in answer.headers["Vary"]
