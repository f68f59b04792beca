"""A decision belongs to one text: what changes afterwards is known by its section."""

from __future__ import annotations

import pytest
import time_machine

from snippets.models import GlossaryTerm
from tests import factories
from tests.review.conftest import (
    FIRST,
    SECOND,
    create_contributor,
    create_reviewer,
    create_user,
)
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from treatments.content.documents import load_documents
from treatments.models import TreatmentPage
from treatments.models.append_only import AppendOnlyError
from treatments.ports.states import ReviewStatus, get_review_states
from treatments.review.contents import hash_page
from treatments.review.models import Decision, Reviewer, ReviewRecord, Verdict
from treatments.review.records import find_open_sections
from treatments.review.refusals import DecisionError, IndependenceError

pytestmark = pytest.mark.django_db


def get_governance(page):
    return load_documents([page.pk])[page.pk]["governance"]


def get_state(page):
    return get_review_states([page.pk])[page.pk]


def test_an_article_that_nobody_reviewed_says_so(article):
    governance = get_governance(article)

    assert governance["review_state"] == "never_reviewed"
    assert governance["last_reviewed"] is None
    assert governance["changed_sections"] == []


def test_an_approval_of_the_whole_page_is_its_review(article, doctor):
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        decide(article, doctor)
        governance = get_governance(article)

    assert governance["last_reviewed"] == "2026-05-01"
    assert governance["next_review_due"] == "2027-05-01"
    assert governance["review_state"] == "current"
    assert [each["name"] for each in governance["reviewers"]] == ["Dr Doctor"]


def test_one_word_of_a_step_changes_the_state_of_its_section_only(article, doctor):
    decide(article, doctor)
    edit(article, set_step("The skin is numb"))

    governance = get_governance(article)

    assert governance["review_state"] == "changed_since_review"
    assert governance["changed_sections"] == [SECOND]
    assert get_state(article).status is ReviewStatus.CHANGED_SINCE_REVIEW
    assert get_state(article).changed_sections == (SECOND,)


def store_in_former_form(article):
    """Store what the API and a browser made once of an article without an introduction, and of two lines."""
    former = {"intro": '<p data-block-key="x"></p>', "summary": "One."}
    TreatmentPage.objects.filter(pk=article.pk).update(**former)
    revision = article.get_latest_revision()
    revision.content |= former
    revision.save(update_fields=["content"])
    article.refresh_from_db()


def test_an_approval_stays_when_an_article_gets_its_normal_form(article, doctor):
    store_in_former_form(article)
    decide(article, doctor)
    assert get_governance(article)["review_state"] == "current"

    edit(article, lambda draft: None)

    page = TreatmentPage.objects.get(pk=article.pk)
    assert (page.intro, page.summary) == ("", "One.")
    assert get_governance(article)["review_state"] == "current"
    assert find_open_sections(page, hash_page(page)) == []


def test_what_is_changed_with_the_form_is_known_by_its_section(article, doctor):
    store_in_former_form(article)
    decide(article, doctor)

    edit(article, set_step("The skin is numb"))

    assert get_governance(article)["changed_sections"] == [SECOND]


def test_a_text_that_says_again_what_was_reviewed_is_current(article, doctor):
    decide(article, doctor)
    edit(article, set_step("The skin is numb"))
    edit(article, set_step("The skin is numbed"))

    assert get_governance(article)["review_state"] == "current"
    assert get_state(article).status is ReviewStatus.CURRENT


@pytest.mark.parametrize("key", ["a1b2c", "z9y8x"])
def test_bookkeeping_of_the_editor_is_no_change(article, doctor, key):
    def set_key(key):
        def change(draft):
            draft.intro = f'<p data-block-key="{key}">An introduction.</p>'

        return change

    edit(article, set_key("a1b2c"))
    decision = decide(article, doctor)
    edit(article, set_key(key))

    assert get_state(article).status is ReviewStatus.CURRENT
    record = ReviewRecord.objects.get(pk=article.pk)
    assert (record.content_hash, record.sections) == (
        decision.content_hash,
        decision.sections,
    )


def test_the_approval_of_a_draft_counts_when_the_public_gets_it(article, doctor):
    edit(article, set_step("New words"), publish=False)
    decide(article, doctor)

    assert get_state(article).status is ReviewStatus.NEVER_REVIEWED

    article.get_latest_revision().publish()

    assert get_state(article).status is ReviewStatus.CURRENT


def test_the_approval_of_a_changed_section_mends_the_state_and_moves_no_date(
    article, doctor
):
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        decide(article, doctor)
    with time_machine.travel("2026-06-01T12:00:00Z", tick=False):
        edit(article, set_step("The skin is numb"))
        decide(article, doctor, Verdict.APPROVED_SECTIONS, scope=[SECOND])
        governance = get_governance(article)

    assert governance["review_state"] == "current"
    assert governance["last_reviewed"] == "2026-05-01"


def test_the_approval_of_another_section_mends_nothing(article, doctor):
    decide(article, doctor)
    edit(article, set_step("The skin is numb"))
    decide(article, doctor, Verdict.APPROVED_SECTIONS, scope=[FIRST])

    assert get_governance(article)["changed_sections"] == [SECOND]


def test_who_has_not_the_role_reviews_nothing(article):
    decide(article, create_reviewer("Lawyer", "editor"))
    decide(article, create_user("Somebody"))

    assert get_state(article).status is ReviewStatus.NEVER_REVIEWED


def test_a_request_for_changes_takes_back_the_approval_of_that_text(article, doctor):
    decide(article, doctor)
    decide(article, doctor, Verdict.CHANGES_REQUESTED, statement="The dose is wrong.")

    assert get_state(article).status is ReviewStatus.NEVER_REVIEWED

    decide(article, doctor)

    assert get_state(article).status is ReviewStatus.CURRENT


def test_somebody_elses_request_for_changes_stands_against_an_approval(article, doctor):
    decide(article, doctor)
    other = create_reviewer("Other")
    decide(article, other, Verdict.CHANGES_REQUESTED, statement="No.")

    assert get_state(article).status is ReviewStatus.NEVER_REVIEWED


def test_as_many_people_approve_as_the_policy_asks_for(article, doctor, settings):
    settings.TREATMENTS = {
        **settings.TREATMENTS,
        "REVIEW_POLICY": {"treatment": {"approvals": 2}},
    }
    decide(article, doctor)
    decide(article, doctor)

    assert get_state(article).status is ReviewStatus.NEVER_REVIEWED

    decide(article, create_reviewer("Second"))

    assert get_state(article).status is ReviewStatus.CURRENT
    assert len(get_governance(article)["reviewers"]) == 2


def test_a_definition_that_changes_without_a_publication_is_a_change(site, doctor):
    term = factories.create_term("margin", definition="<p>The edge.</p>")
    page = factories.publish_section(site, standalone=False)
    body = list(page.body.raw_data)
    body[0]["value"]["content"][0]["value"] += (
        f'<p><a linktype="glossary-term" id="{term.pk}">margin</a></p>'
    )
    page.body = body
    factories.publish(page)
    decide(page, doctor)
    assert get_governance(page)["review_state"] == "current"

    term = GlossaryTerm.objects.get(pk=term.pk)
    term.definition = "<p>The rim.</p>"
    factories.publish(term)

    assert get_governance(page)["changed_sections"] == [body[0]["id"]]


def test_the_authors_approve_nothing(article, author):
    Reviewer.objects.create(user=author, contributor=create_contributor("Author"))

    with pytest.raises(IndependenceError):
        decide(article, author)
    with pytest.raises(IndependenceError):
        decide(article, author, Verdict.APPROVED_SECTIONS, scope=[FIRST])
    assert not Decision.objects.exists()


def test_who_edited_after_the_last_review_is_an_author_until_the_next(article, doctor):
    other = create_reviewer("Other")
    decide(article, doctor)
    edit(article, set_step("Changed by the reviewer"), doctor)

    with pytest.raises(IndependenceError):
        decide(article, doctor)
    decide(article, other)
    edit(article, set_step("Changed by somebody else"))
    decide(article, doctor)

    assert get_state(article).status is ReviewStatus.CURRENT


def test_purged_revisions_do_not_make_an_author_independent(article, author):
    Reviewer.objects.create(user=author, contributor=create_contributor("Author"))
    for words, user in (("One", author), ("Two", create_user("Other"))):
        draft = article.get_latest_revision_as_object()
        set_step(words)(draft)
        draft.save_revision(user=user, log_action=True).publish()
        article.refresh_from_db()
    article.revisions.exclude(pk=article.latest_revision_id).delete()
    type(article).objects.filter(pk=article.pk).update(owner=None)

    with pytest.raises(IndependenceError):
        decide(article, author)


@pytest.mark.parametrize(
    ("verdict", "options"),
    [
        (Verdict.APPROVED_SECTIONS, {}),
        (Verdict.APPROVED_SECTIONS, {"scope": ["nothing"]}),
        (Verdict.APPROVED, {"scope": [FIRST]}),
        (Verdict.CHANGES_REQUESTED, {}),
        (Verdict.APPROVED, {"statement": "x" * 2001}),
        (Verdict.APPROVED, {"statement": "a\u202eb"}),
    ],
)
def test_what_makes_no_sense_is_refused(article, doctor, verdict, options):
    with pytest.raises(DecisionError):
        decide(article, doctor, verdict, **options)


def test_a_decision_is_never_changed_or_deleted(article, doctor):
    decision = decide(article, doctor)

    for forbidden in (
        decision.save,
        decision.delete,
        Decision.objects.all().delete,
        lambda: Decision.objects.update(name="Other"),
        lambda: Decision.objects.bulk_update([decision], ["name"]),
        Decision._base_manager.all().delete,
    ):
        with pytest.raises(AppendOnlyError):
            forbidden()


def test_a_deleted_page_leaves_its_decisions(article, doctor):
    decide(article, doctor)
    article.delete()

    assert Decision.objects.count() == 1
    assert not ReviewRecord.objects.exists()


def test_the_number_of_queries_does_not_depend_on_the_number_of_articles(
    site, article, doctor, django_assert_num_queries
):
    other = factories.create_article(site.index, title="Other", slug="other")
    for page in (article, other):
        decide(page, doctor)

    with django_assert_num_queries(2):
        states = get_review_states([article.pk, other.pk])
    assert {state.status for state in states.values()} == {ReviewStatus.CURRENT}
