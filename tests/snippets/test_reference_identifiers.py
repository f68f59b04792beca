"""An identifier has one form on every way in, and belongs to one entry."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from snippets.models import Condition, Contributor, Reference
from snippets.representation import get_reference_url
from snippets.viewsets import ReferenceViewSet
from tests import factories
from tests.treatments.api_calls import read_problem, send
from treatments.api.http.problems import ProblemType

pytestmark = pytest.mark.django_db

TYPED = {
    "doi": "https://doi.org/10.1016/S0140-6736(05)66544-0",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/15894097/?term=x",
    "pmcid": "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC2718688/",
    "nct": "https://clinicaltrials.gov/study/NCT02364557",
}
BARE = {
    "doi": "10.1016/s0140-6736(05)66544-0",
    "pmid": "15894097",
    "pmcid": "PMC2718688",
    "nct": "NCT02364557",
}
FORM = {"type": "article-journal", "title": "A trial", "status": "current"}


def get_url(name, *args):
    return reverse(ReferenceViewSet().get_url_name(name), args=args)


def read_identifiers(reference):
    return {name: getattr(reference, name) for name in BARE}


def read_stored():
    return Reference.objects.values(*BARE).get()


@pytest.fixture
def api_token(admin_user):
    from wagtail.models import APIToken

    return APIToken.create_token(user=admin_user, name="test")[1]


def test_the_model_gives_an_identifier_its_form_when_it_is_cleaned_and_when_it_is_saved():
    cleaned = Reference(title="A", **TYPED)
    cleaned.full_clean()
    assert read_identifiers(cleaned) == BARE
    saved = Reference.objects.create(title="A", **TYPED)
    assert read_identifiers(saved) == BARE
    assert read_stored() == BARE
    Reference.objects.update(doi="doi:10.1000/X.")
    assert read_stored()["doi"] == "10.1000/x"


def test_the_form_takes_pasted_addresses_whole(admin_client):
    page = admin_client.get(get_url("add")).text
    assert 'maxlength="9"' not in page
    admin_client.post(get_url("add"), {**FORM, **TYPED})
    assert read_stored() == BARE


def test_a_draft_has_the_form_too(admin_client):
    reference = factories.create_reference()
    admin_client.post(get_url("edit", reference.pk), {**FORM, **TYPED})
    reference.refresh_from_db()
    draft = reference.get_latest_revision_as_object()
    assert read_identifiers(draft) == BARE


def test_v3_takes_pasted_addresses(client, api_token):
    url = "/api/v3/snippets/treatment_snippets.Reference/"
    body = {"title": "A", "type": "article-journal", "meta": {"action": "publish"}}
    made = send(client, "post", url, {**body, **TYPED}, api_token)
    assert made.status_code == 201, made.content
    assert {name: made.json()[name] for name in BARE} == BARE
    changed = {"doi": "DOI 10.1000/ABC", "meta": {"action": "publish"}}
    pk = made.json()["id"]
    assert send(client, "patch", f"{url}{pk}/", changed, api_token).status_code == 200
    assert read_stored()["doi"] == "10.1000/abc"


@pytest.mark.parametrize("kind", sorted(BARE))
def test_lists_are_filtered_by_every_form_of_an_identifier(client, kind):
    factories.create_site()
    found = factories.create_reference("Found", **TYPED)
    factories.create_reference("Other")
    for version in ("v2", "v3"):
        for value in (TYPED[kind], BARE[kind], BARE[kind].upper(), f" {BARE[kind]}."):
            answer = client.get(f"/api/{version}/references/", {kind: value})
            ids = [item["id"] for item in answer.json()["items"]]
            assert ids == [found.pk], (version, value)


@pytest.mark.parametrize("kind", sorted(BARE))
def test_editors_find_an_entry_by_every_form_of_an_identifier(admin_client, kind):
    found = factories.create_reference("Found", **TYPED)
    factories.create_reference("Other")
    for value in (TYPED[kind], BARE[kind], f"{kind}: {BARE[kind].lower()}"):
        listed = admin_client.get(get_url("list"), {"q": value})
        assert list(listed.context["object_list"]) == [found], value


def test_the_address_of_a_source_is_encoded():
    doi = "10.1002/1097-0142(1950)3:1<32::AID-CNCR2820030106>3.0.CO;2-3"
    reference = factories.create_reference(doi=doi)
    assert get_reference_url(reference) == (
        "https://doi.org/10.1002/1097-0142(1950)3:1%3C32::aid-cncr2820030106%3E3.0.co;2-3"
    )


@pytest.mark.parametrize("kind", ["doi", "pmid", "pmcid"])
def test_the_refusal_of_an_identifier_names_the_entry_that_has_it_with_a_link(
    admin_client, kind
):
    other = factories.create_reference("The first", **{kind: BARE[kind]})
    answer = admin_client.post(get_url("add"), {**FORM, kind: TYPED[kind]})
    assert Reference.objects.count() == 1
    (message,) = answer.context["form"].errors[kind]
    assert "“Sample AB 2020. The first” has this identifier already." in message
    assert f'href="{get_url("edit", other.pk)}"' in message
    assert message in answer.text
    assert "Constraint" not in answer.text


def test_the_title_of_the_other_entry_is_no_markup(admin_client):
    factories.create_reference("<b>bold</b>", pmid="1")
    answer = admin_client.post(get_url("add"), {**FORM, "pmid": "1"})
    assert "&lt;b&gt;bold" in answer.text
    assert "<b>bold" not in answer.text


@pytest.mark.parametrize("kind", ["doi", "pmid", "pmcid"])
def test_v3_refuses_an_identifier_with_the_number_of_the_entry_that_has_it(
    client, api_token, kind
):
    other = factories.create_reference("The first", **{kind: BARE[kind]})
    body = {"title": "A", "type": "article-journal", kind: TYPED[kind]}
    url = "/api/v3/snippets/treatment_snippets.Reference/"
    answer = send(client, "post", url, body, api_token)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    (entry,) = problem["errors"]
    assert entry["pointer"] == f"/{kind}"
    assert f"entry {other.pk}" in entry["msg"]
    assert "<" not in entry["msg"]


def test_of_two_requests_at_the_same_moment_the_second_is_told_who_was_first(
    admin_client, client, api_token, monkeypatch
):
    """The check of the form sees nothing yet, the database does."""
    other = factories.create_reference("The first", pmid="1")
    find, seen = Reference.find_taken_identifiers, []

    def look_too_early(reference, kinds):
        seen.append(reference)
        return {} if len(seen) == 1 else find(reference, kinds)

    def skip(reference, exclude=None):
        look_too_early(reference, ())

    monkeypatch.setattr(Reference, "find_taken_identifiers", look_too_early)
    monkeypatch.setattr(Reference, "validate_constraints", skip)
    answer = admin_client.post(get_url("add"), {**FORM, "pmid": "1"})
    assert answer.status_code == 200
    assert f"It is entry {other.pk}." in answer.context["form"].errors["pmid"][0]
    seen.clear()
    url = "/api/v3/snippets/treatment_snippets.Reference/"
    body = {"title": "A", "type": "article-journal", "pmid": "1"}
    answer = send(client, "post", url, body, api_token)
    problem = read_problem(answer, 422, ProblemType.VALIDATION_FAILED)
    assert f"entry {other.pk}" in problem["detail"]
    assert Reference.objects.count() == 1


def test_a_scheduled_entry_whose_identifier_was_taken_holds_up_no_other(caplog):
    yesterday, last_year = (timezone.now() - timedelta(days=each) for each in (1, 365))
    late, other = (
        Reference.objects.create(title=title, live=False) for title in ("Late", "Other")
    )
    late.pmid = BARE["pmid"]
    for entry, moment in ((late, last_year), (other, yesterday)):
        revision = entry.save_revision()
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
    Reference.objects.create(title="First", pmid=BARE["pmid"])
    call_command("publish_scheduled")
    late.refresh_from_db()
    other.refresh_from_db()
    assert (late.live, other.live) == (False, True)
    assert f"The scheduled reference {late.pk} was not published" in caplog.text


def test_a_trial_number_stands_on_several_papers_and_names_the_others(admin_client):
    one = factories.create_reference("One", nct="NCT02364557")
    two = factories.create_reference("Two", nct="nct02364557")
    alone = factories.create_reference("Alone", nct="NCT00000001")
    page = admin_client.get(get_url("edit", two.pk)).text
    assert "The trial NCT02364557 is also reported on by:" in page
    assert get_url("edit", one.pk) in page
    assert "is also reported on" not in admin_client.get(get_url("edit", alone.pk)).text


def test_the_identifiers_of_people_and_vocabularies_are_read_like_those_of_papers():
    locale = factories.get_locale()
    person = Contributor(
        name="A", orcid="https://orcid.org/0000-0002-1694-233x", locale=locale
    )
    person.full_clean()
    assert person.orcid == "0000-0002-1694-233X"
    condition = Condition(name="A", slug="a", snomed_id="254837008", locale=locale)
    with pytest.raises(ValidationError, match="last digit does not fit"):
        condition.full_clean()


def store_as_before(values):
    """Store identifiers that no way in would take today."""
    constraints = Reference._meta.constraints
    with connection.schema_editor() as editor:
        for constraint in constraints:
            editor.remove_constraint(Reference, constraint)
    made = []
    with connection.cursor() as cursor:
        for value in values:
            reference = factories.create_reference(live=value.pop("live", True))
            for name, text in value.items():
                cursor.execute(
                    f"UPDATE treatment_snippets_reference SET {name} = %s WHERE id = %s",  # noqa: S608
                    [text, reference.pk],
                )
            made.append(reference)
    return made


def migrate():
    migration = import_module("snippets.migrations.0002_identifiers")
    with connection.schema_editor() as editor:
        migration.normalize(apps, editor)
        for constraint in Reference._meta.constraints:
            editor.add_constraint(Reference, constraint)


def test_stored_identifiers_get_their_form_and_no_duplicate_stops_the_upgrade(
    committing, admin_client
):
    made = store_as_before(
        [
            {"doi": "10.1200/JCO.21.02006", "live": False},
            {"doi": "10.1200/jco.21.02006"},
            {"pmcid": "PMC1"},
            {"pmcid": "PMC1"},
            {"nct": "NCT00000001"},
            {"nct": "NCT00000001", "doi": "not one"},
        ]
    )
    migrate()
    for reference in made:
        reference.refresh_from_db()
    assert [each.shares_identifiers for each in made] == [True, False, False, True, False, False]  # fmt: skip
    assert [each.doi for each in made[:2]] == ["10.1200/jco.21.02006"] * 2
    assert [each.pmcid for each in made[2:4]] == ["PMC1"] * 2
    assert made[5].doi == "not one"
    later = made[3]
    # What does not touch the identifier goes on, with what revisions know of it too.
    content = later.serializable_data()
    del content["shares_identifiers"]
    later.with_content_json(content).save()
    later.refresh_from_db()
    assert later.shares_identifiers
    # The form says which entry has it; without it, the entry is one like all others.
    answer = admin_client.post(get_url("edit", later.pk), {**FORM, "pmcid": "PMC1"})
    assert f"entry {made[2].pk}" in answer.context["form"].errors["pmcid"][0]
    later.pmcid = ""
    later.save()
    assert not later.shares_identifiers
    listed = admin_client.get(get_url("list"), {"shares_identifiers": "true"})
    assert list(listed.context["object_list"]) == [made[0]]
