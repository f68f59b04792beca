"""Who hears of an answer and of a review that is due, and what an address does to the others that no mail can have."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import CommentReply, GroupPagePermission

from tests.review.conftest import create_user, write_comment
from tests.review.deciding import decide
from treatments.review.models import GuestComment

pytestmark = pytest.mark.django_db
#: Passes the check of addresses in some places, and can be written into no message.
WRONG = "x@exämple..org"


@pytest.fixture
def thread(client, shared, author, gate):
    """Return a thread that one guest has begun and another one has answered."""
    gate.share(
        shared,
        author,
        "other",
        recipient_name="Dr Other",
        recipient_email="other@example.org",
    )
    gate.share(
        shared,
        author,
        "third",
        recipient_name="Dr Third",
        recipient_email="third@example.org",
    )
    pk = write_comment(client).json()["id"]
    assert write_comment(client, "Since when?", None, "other", parent=pk).json()
    return GuestComment.objects.get(pk=pk)


def get_recipients(mails):
    return sorted(mail.to[0] for mail in mails)


def test_every_guest_of_a_thread_hears_of_an_editors_answer(
    thread, author, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        CommentReply.objects.create(comment=thread.comment, user=author, text="2020.")

    assert get_recipients(mailoutbox) == ["guest@example.org", "other@example.org"]


def test_the_other_guests_hear_of_a_guests_answer(
    client, thread, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        write_comment(client, "2020, I think.", None, "third", parent=thread.pk)
    assert get_recipients(mailoutbox) == [
        "author@example.org",
        "guest@example.org",
        "other@example.org",
    ]
    mailoutbox.clear()

    with django_capture_on_commit_callbacks(execute=True):
        write_comment(client, "Thank you.", None, "other", parent=thread.pk)

    assert get_recipients(mailoutbox) == [
        "author@example.org",
        "guest@example.org",
        "third@example.org",
    ]


def test_an_impossible_address_keeps_nobody_from_an_answer(
    thread, author, mailoutbox, django_capture_on_commit_callbacks
):
    GuestComment.objects.update(email=WRONG)

    with django_capture_on_commit_callbacks(execute=True):
        CommentReply.objects.create(comment=thread.comment, user=author, text="2020.")

    assert get_recipients(mailoutbox) == ["other@example.org"]


def remind(day="2027-05-02"):
    with time_machine.travel(f"{day}T12:00:00Z", tick=False):
        call_command("send_review_reminders", verbosity=0)


@pytest.fixture
def reviewed(article, doctor):
    """Return an article that was reviewed on the first of May 2026."""
    with time_machine.travel("2026-05-01T12:00:00Z", tick=False):
        decide(article, doctor)
    return article


def test_an_impossible_address_keeps_nobody_from_a_reminder(
    reviewed, author, mailoutbox
):
    type(author).objects.filter(pk=author.pk).update(email=WRONG)

    remind()

    assert get_recipients(mailoutbox) == ["doctor@example.org"]


def test_publishers_are_reminded_where_nobody_else_is(
    reviewed, author, doctor, site, mailoutbox
):
    group = Group.objects.create(name="Publishers of treatments")
    GroupPagePermission.objects.create(
        group=group,
        page=site.index,
        permission=Permission.objects.get(
            content_type__app_label="wagtailcore", codename="publish_page"
        ),
    )
    create_user("Publisher").groups.add(group)
    create_user("Editor")
    remind("2027-04-02")
    assert get_recipients(mailoutbox) == ["author@example.org", "doctor@example.org"]
    mailoutbox.clear()
    type(reviewed).objects.filter(pk=reviewed.pk).update(owner=None)
    doctor.is_active = False
    doctor.save()

    remind()

    assert get_recipients(mailoutbox) == ["publisher@example.org"]
