"""Nobody approves the own words, whoever saved them: by another account, after a revert, as a translator."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models.functions import Now
from wagtail.actions.revert_to_revision import RevertToRevisionAction
from wagtail.models import Page
from wagtail_localize.models import (
    String,
    StringTranslation,
    TranslationContext,
    TranslationSource,
)

from home.models import HomePage
from tests import factories
from tests.review.conftest import (
    build_grant_body,
    call,
    create_contributor,
    create_reviewer,
    create_user,
)
from tests.review.deciding import decide
from tests.review.drafts import edit, get_step, set_step
from tests.shared import share
from treatments.models import TreatmentPage
from treatments.ports.publication import PublicationRefusedError
from treatments.review.authors import find_authors
from treatments.review.models import Decision, Reviewer, Verdict
from treatments.review.refusals import IndependenceError
from treatments.translation.services import (
    TranslationError,
    publish_translation,
    stage_translation,
)

pytestmark = pytest.mark.django_db
DECISIONS = "/api/v3/drafts/decisions/"


def make_reviewer(user: Any) -> None:
    Reviewer.objects.create(user=user, contributor=create_contributor("Dr Author"))


def revert(page: Any, revision: Any, user: Any) -> None:
    page = type(page).objects.get(pk=page.pk)
    RevertToRevisionAction(page, revision, user=user).execute(
        skip_permission_checks=True
    )
    page.refresh_from_db()


def test_an_author_does_not_approve_by_a_second_account(draft, author):
    second = create_reviewer("Second", email=author.email.upper())

    with pytest.raises(IndependenceError):
        decide(draft, second)

    with pytest.raises(PublicationRefusedError):
        draft.get_latest_revision().publish()


def test_an_author_does_not_approve_by_an_account_of_the_same_contributor(
    draft, author
):
    second = create_reviewer("Second")
    contributor = Reviewer.objects.get(user=second).contributor
    Reviewer.objects.create(email=author.email, contributor=contributor)

    with pytest.raises(IndependenceError):
        decide(draft, second)


def test_two_accounts_without_an_address_are_two_people(draft, author):
    author.email = ""
    author.save()
    second = create_reviewer("Second", email="")

    assert decide(draft, second).is_clinical


def test_an_author_does_not_approve_after_a_revert(strict, article, author, doctor):
    make_reviewer(author)
    publisher = create_user("Publisher", is_superuser=True)
    reviewed = article.get_latest_revision()
    decide(article, doctor)
    edit(article, set_step("Written by the author"), author, publish=False)
    written = article.get_latest_revision()
    revert(article, reviewed, publisher)
    article.refresh_from_db()
    decide(article, doctor)
    article.get_latest_revision().publish(user=publisher)

    revert(article, written, publisher)
    article.refresh_from_db()

    assert author.pk in find_authors(article)
    with pytest.raises(IndependenceError):
        decide(article, author)
    with pytest.raises(PublicationRefusedError):
        article.get_latest_revision().publish(user=publisher)
    assert get_step(article) == "The skin is numbed"


def test_the_authors_of_every_step_to_a_text_that_is_brought_back_are_authors(
    article, author, doctor
):
    publisher = create_user("Publisher", is_superuser=True)
    helper = create_user("Helper")
    reviewed = article.get_latest_revision()
    decide(article, doctor)
    edit(article, set_step("Written by the author"), author, publish=False)
    edit(article, set_step("Written by the author and helped"), helper, publish=False)
    helped = article.get_latest_revision()
    edit(article, set_step("Nonsense"), publisher, publish=False)
    revert(article, helped, publisher)
    article.refresh_from_db()
    again = article.get_latest_revision()
    revert(article, reviewed, publisher)
    article.refresh_from_db()
    decide(article, doctor)
    article.get_latest_revision().publish(user=publisher)

    revert(article, again, publisher)

    assert find_authors(article) == {author.pk, helper.pk, publisher.pk}


def test_who_saved_the_text_is_an_author_also_of_one_that_was_reviewed(
    article, author, doctor
):
    make_reviewer(author)
    decide(article, doctor)

    with pytest.raises(IndependenceError):
        decide(article, author)
    assert decide(article, doctor).is_clinical


def test_the_author_of_an_old_text_does_not_approve_it_by_a_pinned_link(
    article, author, doctor, client, gate
):
    other = create_user("Other", is_superuser=True)
    reviewed = article.get_latest_revision()
    decide(article, doctor)
    edit(article, set_step("Written by the author"), author, publish=False)
    body = build_grant_body(article)
    written = article.get_latest_revision()
    revert(article, reviewed, other)
    article.refresh_from_db()
    decide(article, doctor)
    article.get_latest_revision().publish(user=other)
    gate.share(
        article,
        other,
        revision_id=written.pk,
        is_pinned=True,
        recipient_email=author.email,
    )

    assert call(client, "post", DECISIONS, body).status_code == 403


@pytest.fixture
def translator(db):
    return create_reviewer("Translator")


def translate_article(article_id: int) -> Any:
    """Return a complete translation of the article."""
    factories.create_spanish_tree(factories.load_site(HomePage.objects.get().pk))
    submitted = factories.submit(TreatmentPage.objects.get(pk=article_id))
    factories.translate_all(submitted)
    return submitted


shared_translation = share("shared_translation", translate_article, on="shared_article")


@pytest.fixture
def translation(shared_translation, translator):
    """Return a complete translation by the translator, of an article in review."""
    StringTranslation.objects.update(last_translated_by=translator)
    return shared_translation


def refuse(settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"default": {"publishing": "refuse"}},
    }


def test_a_translator_does_not_approve_the_own_translation(
    translation, translator, doctor, settings
):
    refuse(settings)
    publisher = create_user("Publisher", is_superuser=True)
    staged = stage_translation(translation, publisher)
    spanish = Page.objects.get(pk=staged.object_id).specific

    with pytest.raises(IndependenceError):
        decide(spanish, translator)
    with pytest.raises(TranslationError, match="not reviewed"):
        publish_translation(translation, publisher)

    decide(spanish, doctor)
    assert publish_translation(translation, publisher).live


def test_a_translator_of_a_text_that_was_reviewed_since_is_no_author(
    translation, translator, doctor
):
    publisher = create_user("Publisher", is_superuser=True)
    staged = stage_translation(translation, publisher)
    spanish = Page.objects.get(pk=staged.object_id).specific
    decide(spanish, doctor)
    publish_translation(translation, publisher)
    assert translator.pk not in find_authors(spanish)

    StringTranslation.objects.update(data="Otra cosa", updated_at=Now())

    assert translator.pk in find_authors(spanish)


def test_words_that_wait_to_be_staged_are_the_translators_too(
    translation, translator, doctor
):
    publisher = create_user("Publisher", is_superuser=True)
    staged = stage_translation(translation, publisher)
    spanish = Page.objects.get(pk=staged.object_id).specific
    factories.translate_all(translation, "Después: ")
    # About what was staged before.
    decide(spanish, doctor)
    staged.publish()

    stage_translation(translation, publisher)

    with pytest.raises(IndependenceError):
        decide(Page.objects.get(pk=spanish.pk).specific, translator)
    assert Decision.objects.get().verdict == Verdict.APPROVED


def test_a_translator_stays_an_author_whoever_saves_the_same_string_again(
    shared_translation, translator
):
    publisher = create_user("Publisher", is_superuser=True)
    key = shared_translation.source.object_id
    string: Any = StringTranslation.objects.filter(context__object_id=key).first()
    for user in (translator, publisher):
        string.last_translated_by = user
        string.save()
    staged = stage_translation(shared_translation, publisher)
    spanish = Page.objects.get(pk=staged.object_id).specific

    with pytest.raises(IndependenceError):
        decide(spanish, translator)


def test_who_translated_a_definition_does_not_approve_the_article_that_shows_it(
    shared_translation, translator, author
):
    publisher = create_user("Publisher", is_superuser=True)
    staged = stage_translation(shared_translation, publisher)
    spanish = Page.objects.get(pk=staged.object_id).specific
    term = factories.create_term("margin")
    own = term.copy_for_translation(spanish.locale)
    own.term, own.definition = "margen", "<p>10 mm</p>"
    own.live = True
    own.save()
    _source, _created = TranslationSource.get_or_create_from_instance(term)
    contexts = TranslationContext.objects.filter(object_id=term.translation_key)
    StringTranslation.objects.create(
        translation_of=String.objects.first(),
        locale=spanish.locale,
        context=contexts.first(),
        data="10 mm",
        last_translated_by=translator,
    )
    text = f'<p><a linktype="glossary-term" id="{term.pk}">margen</a></p>'
    edit(spanish, lambda draft: setattr(draft, "intro", text), author, publish=False)

    with pytest.raises(IndependenceError):
        decide(Page.objects.get(pk=spanish.pk).specific, translator)
