"""The one port for e-mail: the sender, the lines of a subject, the address, and what fails."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage
from wagtail.users.models import UserProfile

from treatments.ports import mail

ADDRESS = "doctor@example.org"


@pytest.mark.parametrize(
    ("notifications", "sender"),
    [(None, "django@example.org"), ("wagtail@example.org", "wagtail@example.org")],
)
def test_messages_come_from_one_sender(mailoutbox, settings, notifications, sender):
    settings.DEFAULT_FROM_EMAIL = "django@example.org"
    if notifications:
        settings.WAGTAILADMIN_NOTIFICATION_FROM_EMAIL = notifications
    mail.send(ADDRESS, "Subject", "Text")

    assert [each.from_email for each in mailoutbox] == [sender]


def test_a_line_break_in_a_subject_brings_no_header(mailoutbox):
    mail.send(ADDRESS, "Title\r\nBcc: all@example.org", "Text", reply_to="a@b.example")

    [message] = mailoutbox
    assert message.subject == "Title Bcc: all@example.org"
    assert message.recipients() == [ADDRESS]
    assert message.reply_to == ["a@b.example"]


@pytest.mark.parametrize(
    "address",
    ["", "a@example.org, b@example.org", "a@example.org\nBcc: b@example.org"],
)
def test_an_address_that_no_mail_can_have_is_refused(mailoutbox, address):
    with pytest.raises(ValueError, match="No mail can have"):
        mail.send(address, "Subject", "Text")

    assert not mailoutbox


def test_one_message_that_fails_holds_up_no_other(mailoutbox, caplog, monkeypatch):
    send = EmailMessage.send

    def fail_for_some(message, **kwargs):
        if message.to == ["gone@example.org"]:
            raise ConnectionRefusedError
        return send(message, **kwargs)

    monkeypatch.setattr(EmailMessage, "send", fail_for_some)
    addresses = ["gone@example.org", "a@example.org, b@example.org", "", ADDRESS]
    mail.send_all([(address, "Subject", "Text") for address in addresses])

    assert [each.to for each in mailoutbox] == [[ADDRESS]]
    assert [record.args[0] for record in caplog.records] == addresses[:2]


def test_an_account_is_written_to_in_its_language(django_user_model, settings, db):
    settings.LANGUAGE_CODE = "en"
    user = django_user_model.objects.create_user("doctor", ADDRESS)
    assert (mail.get_address(user), mail.get_language(user)) == (ADDRESS, "en")
    UserProfile.objects.create(user=user, preferred_language="es")
    assert mail.get_language(user) == "es"
    user.is_active = False
    assert mail.get_address(user) == ""
