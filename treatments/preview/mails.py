"""The message that brings a draft link to its recipient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from treatments.ports import mail

if TYPE_CHECKING:
    from wagtail.models import Page

    from treatments.preview.models import DraftLink


def send_link(link: DraftLink, page: Page, address: str) -> None:
    """Send a link to its recipient, in the language that it opens.

    Args:
        link: The link; it has an address of the recipient.
        page: The page that it opens.
        address: What the recipient opens. It is stored nowhere.

    Raises:
        OSError: the mail server did not take the message.
        ValueError: no mail can have the address.
    """
    with translation.override(page.locale.language_code):
        sharer = link.created_by
        context = {
            "link": link,
            "title": link.title,
            "sharer": (sharer.get_full_name() or sharer.get_username())
            if sharer
            else "",
            "expires_at": timezone.localtime(link.expires_at),
            "address": address,
        }
        subject = _("Please read a draft: %(title)s") % {"title": link.title}
        text = render_to_string("treatments_preview/link_message.txt", context)
    reply_to = sharer.email if sharer else ""
    mail.send(link.recipient_email, subject, text, reply_to=reply_to)
