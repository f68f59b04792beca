"""The form of a page brings the texts of guests back as they are kept: an editor can save below any comment."""

from __future__ import annotations

import re
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from wagtail.models import Comment, CommentReply
from wagtail.test.utils.form_data import inline_formset

from tests.review.conftest import COMMENTS, call, write_comment
from tests.review.editing import build_form

pytestmark = pytest.mark.django_db

TEXTS = [
    "First line\nsecond line",
    "First line\r\n\r\nsecond line",
    "First line\rsecond line",
    "\n\r first \n\n second \t\n",
    "\u3000one\u2028two\u2029three\u2028",
    "\t1\t2\u00a0",
    "10 mg",
]


def send(text: str) -> str:
    """Return a text as a browser sends it in a form."""
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def save(client, page, user, **changes):
    """Save a page in the admin with the comments that its form has, without a change of them."""
    rows = [
        {
            "id": comment.pk,
            "text": send(comment.text),
            "contentpath": comment.contentpath,
            "position": comment.position,
            "resolved": "",
            "replies": inline_formset(
                [
                    {"id": reply.pk, "text": send(reply.text)}
                    for reply in comment.replies.order_by("pk")
                ],
                initial=comment.replies.count(),
            ),
        }
        for comment in Comment.objects.filter(page=page).order_by("pk")
    ]
    form = inline_formset(rows, initial=len(rows))
    client.force_login(user)
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        build_form(page, comments=form, summary="Saved", **changes),
    )


@pytest.mark.parametrize("text", TEXTS)
def test_an_editor_saves_an_article_with_the_comment_and_reply_of_a_guest(
    client, shared, admin_user, text
):
    thread = write_comment(client, text, None).json()
    write_comment(client, text, None, parent=thread["id"])

    answer = save(client, shared, admin_user)

    assert answer.status_code == 302
    shared.refresh_from_db()
    assert shared.get_latest_revision_as_object().summary == "Saved"
    after = call(client, "get", COMMENTS).json()[0]
    assert after["text"] == after["replies"][0]["text"] == thread["text"]


def test_a_name_with_space_around_it_does_not_stop_the_editor(
    client, article, author, admin_user, gate
):
    gate.share(article, author, recipient_name=" Dr\nGuest ", contributor_id=None)
    assert write_comment(client, "First\nsecond", None).status_code == 200

    assert save(client, article, admin_user).status_code == 302


def test_comments_of_before_do_not_stop_the_editor(client, shared, admin_user):
    thread = write_comment(client).json()
    write_comment(client, parent=thread["id"])
    Comment.objects.update(text="Dr Guest: one\ntwo\rthree ")
    CommentReply.objects.update(text=" Dr Guest: one\ntwo")
    assert save(client, shared, admin_user).status_code == 200

    name = "treatments.review.migrations.0006_line_breaks"
    import_module(name).change_line_breaks(apps, connection.schema_editor())

    assert save(client, shared, admin_user).status_code == 302
    assert Comment.objects.get().text == "Dr Guest: one\r\ntwo\r\nthree"


def test_guests_read_what_editors_answer_with_one_sign_for_a_line_break(
    client, shared, admin_user
):
    write_comment(client)
    CommentReply.objects.create(
        comment=Comment.objects.get(), user=admin_user, text="one\r\ntwo"
    )

    assert call(client, "get", COMMENTS).json()[0]["replies"][0]["text"] == "one\ntwo"
