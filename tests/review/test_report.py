"""The report of the reviews as a spreadsheet, and what it and the screen of an article cost."""

from __future__ import annotations

import csv
import io

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from tests import factories
from tests.review.conftest import create_reviewer, create_user
from tests.review.deciding import decide
from tests.review.drafts import edit, set_step
from treatments.admin.groups import PUBLISHERS, create_editorial_groups
from treatments.review.models import ChangeNote, Verdict
from treatments.review.requests import open_requests

pytestmark = pytest.mark.django_db
REPORT = "/admin/reports/reviews/"
FORMULA = '=HYPERLINK("https://attacker.example/","Ablation")'


@pytest.fixture
def publisher(article, client):
    create_editorial_groups()
    user = create_user("Publisher")
    user.groups.add(Group.objects.get(name=PUBLISHERS))
    client.force_login(user)
    return user


def count_queries(client, url):
    """Return how many queries a page takes that was shown before."""
    assert client.get(url).status_code == 200
    with CaptureQueriesContext(
        connection,
    ) as queries:
        client.get(url)
    return len(queries)


def test_the_workbook_has_what_the_report_shows(client, article, doctor, publisher):
    decide(article, doctor)
    edit(article, set_step("Changed"))

    answer = client.get(REPORT, {"export": "xlsx"})

    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    headings, values = sheet.iter_rows(values_only=True)
    row = dict(zip(headings, values, strict=True))
    assert row["Title"] == "Ablation"
    assert row["State"] == "Changed since the review"
    assert row["Sections changed"] == 1
    assert row["Last reviewed"] < row["Next review due"]


def test_no_title_is_a_formula(client, article, publisher):
    draft = article.get_latest_revision_as_object()
    draft.title = FORMULA
    factories.publish(draft)

    export = client.get(REPORT, {"export": "csv"})
    text = b"".join(export.streaming_content).decode()
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["Title"] == f"'{FORMULA}"

    answer = client.get(REPORT, {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    cell = next(cell for cell in sheet[2] if cell.value == FORMULA)
    # A text, and no formula.
    assert cell.data_type == "s"


def test_the_report_costs_the_same_for_few_and_many_articles(
    client, site, article, doctor, publisher
):
    decide(article, doctor)
    few = count_queries(client, REPORT)
    for number in range(5):
        page = factories.create_article(
            site.index, title=f"Article {number}", slug=f"article-{number}"
        )
        decide(page, doctor)

    assert count_queries(client, REPORT) == few


def test_the_screen_costs_the_same_for_few_and_many_decisions(
    client, article, doctor, publisher
):
    url = reverse("treatments_review:page", args=[article.pk])

    def add(number):
        decide(article, create_reviewer(f"Doctor{number}"))
        decide(article, doctor, Verdict.CHANGES_REQUESTED, statement="Too long.")
        ChangeNote.objects.create(page=article, text="Text", author=publisher)
        open_requests({article.pk: []}, "asked", "somebody", f"{number}", "Please")

    add(0)
    few = count_queries(client, url)
    for number in range(1, 5):
        add(number)

    assert count_queries(client, url) == few
