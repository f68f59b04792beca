"""Sends e-mail for the apps, to one person at a time. What a message says is theirs."""

from __future__ import annotations

import logging
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMessage
from wagtail.users.models import UserProfile

if TYPE_CHECKING:
    from collections.abc import Iterable

    #: Address, subject and text.
    Message = tuple[str, str, str]

logger = logging.getLogger(__name__)
#: What ``send`` raises: the mail server fails, or no mail can have the address.
NOT_SENT = (OSError, ValueError)


def send(address: str, subject: str, text: str, reply_to: str = "") -> None:
    """Send a message.

    Args:
        address: The recipient's.
        subject: Line breaks in it become spaces: a title could bring a second header along with them.
        text: In the language of the recipient, as the subject; see ``get_language``.
        reply_to: Where an answer goes, unless it is the sender's address.

    Raises:
        OSError: the mail server did not take the message.
        ValueError: no mail can have an address like this.
    """
    # Only some of Django's backends refuse two addresses in one.
    if not address or parseaddr(address)[1] != address.strip():
        raise ValueError(f"No mail can have the address {address!r}.")
    EmailMessage(
        subject=" ".join(subject.split()),
        body=text,
        from_email=get_sender(),
        to=[address],
        reply_to=[reply_to] if reply_to else None,
    ).send()


def send_all(messages: Iterable[Message]) -> None:
    """Send messages to those who have an address; one that cannot be sent is logged and holds up no other."""
    for address, subject, text in messages:
        if not address:
            continue
        try:
            send(address, subject, text)
        except NOT_SENT:
            logger.exception("No message could be sent to %s", address)


def get_sender() -> str:
    """Return the address that messages come from: that of Wagtail's notifications, or else Django's."""
    return getattr(
        settings, "WAGTAILADMIN_NOTIFICATION_FROM_EMAIL", settings.DEFAULT_FROM_EMAIL
    )


def get_address(user: Any) -> str:
    """Return where an account gets mail; empty where it gets none."""
    if not user.is_active:
        return ""
    return getattr(user, user.get_email_field_name(), "") or ""


def get_language(user: Any) -> str:
    """Return the language in which an account uses the admin."""
    profile = UserProfile.objects.filter(user=user).first()
    return profile.get_preferred_language() if profile else settings.LANGUAGE_CODE
