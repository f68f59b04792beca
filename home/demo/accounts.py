"""Makes the accounts of the demonstration. Their passwords are known to everybody: never for a public server."""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction

from home.demo import records
from home.demo.content import SOURCE_LANGUAGE, make_uuid
from snippets.models import Contributor
from treatments.admin.groups import EDITORS, PUBLISHERS, REVIEWERS, TRANSLATORS
from treatments.review.models import Reviewer


class AccountsRefusedError(Exception):
    """Accounts with well-known passwords were asked for on a server that is not for development."""


@dataclass(frozen=True)
class Account:
    """An account of the demonstration.

    Attributes:
        username: The name to log in with.
        groups: The groups of the editorial office that it belongs to.
        is_superuser: Whether it may do everything.
        contributor: Key of the contributor in whose role it decides about texts.
    """

    username: str
    groups: tuple[str, ...] = ()
    is_superuser: bool = False
    contributor: str = ""

    @property
    def password(self) -> str:
        """The password, the same in every demonstration."""
        return f"demo-{self.username}"


ACCOUNTS = (
    Account("editor", (EDITORS, PUBLISHERS)),
    Account("reviewer", (REVIEWERS,), contributor="sample-reviewer"),
    Account("translator", (TRANSLATORS,)),
    Account("admin", is_superuser=True),
)


def check_accounts_allowed() -> None:
    """Refuse accounts where ``DEBUG`` is off.

    Raises:
        AccountsRefusedError: this is not a development server.
    """
    if not settings.DEBUG:
        raise AccountsRefusedError(
            "Demonstration accounts have passwords that everybody knows, so they are made only where DEBUG is on. "
            "Make accounts of your own with: manage.py createsuperuser"
        )


def load_accounts() -> list[Account]:
    """Make the accounts that are missing; return those whose password is still the known one.

    Raises:
        AccountsRefusedError: this is not a development server.
    """
    check_accounts_allowed()
    call_command("create_editorial_groups", verbosity=0, stdout=StringIO())
    usable = []
    manager: Any = get_user_model()._default_manager
    for account in ACCOUNTS:
        user = manager.filter(username=account.username).first()
        is_new = user is None
        if is_new:
            with transaction.atomic():
                user = manager.create_user(
                    username=account.username,
                    email=f"{account.username}@example.org",
                    password=account.password,
                    first_name="Demo",
                    last_name=account.username,
                    is_staff=account.is_superuser,
                    is_superuser=account.is_superuser,
                )
                user.groups.set(Group.objects.filter(name__in=account.groups))
                records.remember(user, f"account/{account.username}")
                name_reviewer(user, account)
        # To check a password takes long, on purpose.
        if is_new or (user.is_active and user.check_password(account.password)):
            usable.append(account)
    return usable


def name_reviewer(user: Any, account: Account) -> None:
    """Say which contributor an account is, where the content with that contributor is loaded."""
    if not account.contributor:
        return
    contributor = Contributor.objects.filter(
        translation_key=make_uuid("contributor", account.contributor),
        locale__language_code=SOURCE_LANGUAGE,
    ).first()
    if contributor is not None:
        Reviewer.objects.get_or_create(user=user, defaults={"contributor": contributor})
