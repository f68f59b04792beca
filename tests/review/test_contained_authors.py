"""Whoever wrote words that a text contains is an author of it: elsewhere, in another language, in the page it was copied from."""

from __future__ import annotations

import pytest
from wagtail.actions.convert_alias import ConvertAliasPageAction
from wagtail.log_actions import log
from wagtail.models import APIToken, Locale

from tests import factories
from tests.review.conftest import create_user
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from tests.treatments.api_calls import send
from treatments.models import TreatmentPage
from treatments.review.authors import find_authors
from treatments.review.models import Decision
from treatments.review.refusals import IndependenceError

pytestmark = pytest.mark.django_db


def cite(page, term=None, reference=None, user=None, publish=True):
    """Put a term and a reference into the introduction, as somebody else."""
    text = ""
    if term is not None:
        text += f'<a linktype="glossary-term" id="{term.pk}">margin</a>'
    if reference is not None:
        text += f'<a linktype="citation" id="{reference.pk}">1</a>'
    return edit(
        page,
        lambda draft: setattr(draft, "intro", f"<p>{text}</p>"),
        user,
        publish=publish,
    )


@pytest.fixture
def writer():
    return create_user("Writer")


def write_definition(term, user, text="<p>10 mm</p>", *, publish=True):
    term.definition = text
    revision = term.save_revision(user=user, log_action=True)
    if publish:
        revision.publish(user=user, skip_permission_checks=True)


def test_who_wrote_a_definition_does_not_approve_the_article_that_shows_it(
    article, author, doctor
):
    term = factories.create_term("margin")
    write_definition(term, doctor)
    cite(article, term, user=author)

    assert doctor.pk in find_authors(article.get_latest_revision_as_object())
    with pytest.raises(IndependenceError):
        decide(article, doctor)
    assert not Decision.objects.exists()


def test_a_definition_that_stood_in_the_reviewed_text_is_nobodys_any_more(
    article, author, doctor, writer
):
    term = factories.create_term("margin")
    write_definition(term, writer)
    cite(article, term, user=author)
    decide(article, doctor)

    assert writer.pk not in find_authors(article)

    write_definition(term, writer, "<p>20 mm</p>")
    assert writer.pk in find_authors(article)


def test_a_definition_that_is_used_only_since_the_review_has_its_author(
    article, author, doctor, writer
):
    term = factories.create_term("margin")
    write_definition(term, writer)
    decide(article, doctor)
    cite(article, term, user=author, publish=False)

    assert writer.pk in find_authors(article.get_latest_revision_as_object())


def test_a_draft_from_before_the_review_that_is_published_after_it_has_its_author(
    article, author, doctor, writer
):
    term = factories.create_term("margin")
    write_definition(term, author)
    cite(article, term, user=author)
    write_definition(term, writer, "<p>30 mm</p>", publish=False)
    decide(article, doctor)

    term.refresh_from_db()
    term.get_latest_revision().publish(user=author, skip_permission_checks=True)

    assert writer.pk in find_authors(article)


def test_who_wrote_a_reference_a_treatment_or_a_condition_is_an_author(
    article, author, writer
):
    reference = factories.create_reference()
    other = create_user("Other")
    reference.title = "Changed"
    reference.save_revision(user=other, log_action=True).publish(
        user=other, skip_permission_checks=True
    )
    cite(article, reference=reference, user=author)
    condition = factories.create_condition()
    article.article_conditions.create(condition=condition)
    article.save_revision(user=author).publish()
    log(instance=condition, action="wagtail.edit", user=writer, content_changed=True)

    assert {other.pk, writer.pk} <= find_authors(article)


def test_whose_biography_stands_beside_the_text_is_no_author(article, author, writer):
    from snippets.models import Contributor

    contributor = Contributor.objects.create(
        name="Dr Named", role="author", locale=Locale.get_default()
    )
    contributor.save_revision(user=writer, log_action=True).publish(
        user=writer, skip_permission_checks=True
    )
    article.article_contributors.create(contributor=contributor)
    article.save_revision(user=author).publish()

    assert writer.pk not in find_authors(article)


def test_the_authors_of_the_page_of_which_an_alias_was_converted_are_authors(
    article, author, doctor
):
    edit(article, set_step("Mine"), doctor)
    alias = article.create_alias(update_slug="alias", user=None)
    publisher = create_user("Publisher", is_superuser=True)
    ConvertAliasPageAction(alias, user=publisher).execute()
    page = TreatmentPage.objects.get(pk=alias.pk)

    assert {author.pk, doctor.pk, publisher.pk} <= find_authors(page)
    with pytest.raises(IndependenceError):
        decide(page, doctor)


@pytest.mark.parametrize("with_revisions", [True, False])
def test_the_authors_of_the_page_that_was_copied_are_authors(
    article, author, doctor, with_revisions
):
    edit(article, set_step("Mine"), doctor)
    publisher = create_user("Publisher")
    copy = article.copy(
        update_attrs={"slug": "copy"}, copy_revisions=with_revisions, user=publisher
    )
    again = copy.copy(
        update_attrs={"slug": "again"}, copy_revisions=False, user=publisher
    )
    article.refresh_from_db()
    later = create_user("Later")
    edit(article, set_step("Later"), later)

    for page in (copy, again):
        assert {author.pk, doctor.pk, publisher.pk} <= find_authors(page)
        assert later.pk not in find_authors(page)
    with pytest.raises(IndependenceError):
        decide(TreatmentPage.objects.get(pk=again.pk), doctor)


def test_whose_token_has_written_the_text_is_an_author(client, article, doctor):
    doctor.is_superuser = True
    doctor.save()
    body = {"summary": "By a program", "meta": {"type": "treatments.TreatmentPage"}}
    key = APIToken.create_token(user=doctor, name="Tests")[1]

    answer = send(client, "patch", f"/api/v3/pages/{article.pk}/", body, key)

    assert answer.status_code == 200, answer.content
    article.refresh_from_db()
    assert doctor.pk in find_authors(article, article.get_latest_revision())
    with pytest.raises(IndependenceError):
        decide(article, doctor)
