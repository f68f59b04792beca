"""What caused the entries of the ledger, in words: who published, which term has changed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, TranslatableMixin

from treatments.content import dependencies
from treatments.delivery.withdrawals import ANNOTATE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from treatments.delivery.models import Version

#: What was done to the article itself, without and with the person who did it.
OWN_ACTIONS: dict[str, tuple[Any, Any]] = {
    "publish": (gettext_lazy("Published"), gettext_lazy("Published by %(user)s")),
    "unpublish": (gettext_lazy("Unpublished"), gettext_lazy("Unpublished by %(user)s")),
    "delete": (gettext_lazy("Deleted"), gettext_lazy("Deleted by %(user)s")),
    # What is saved on a public page is published by that.
    "save": (gettext_lazy("Published"), gettext_lazy("Published by %(user)s")),
    "change_privacy": (
        gettext_lazy("Its privacy was changed"),
        gettext_lazy("Its privacy was changed by %(user)s"),
    ),
    "change_state": (
        gettext_lazy("The state of its review or translation changed"),
        gettext_lazy("The state of its review or translation changed by %(user)s"),
    ),
    ANNOTATE: (
        gettext_lazy("The note to readers was changed"),
        gettext_lazy("The note to readers was changed by %(user)s"),
    ),
}
#: What a withdrawal was, where its cause alone does not say so: action → reason → action.
WITHDRAWALS = {
    action: {"unpublished": "unpublish", "deleted": "delete"}
    for action in ("publish", "save")
}
#: What has changed that the article contains, by the kind in the key.
CONTAINED: dict[str, Any] = {
    "page": gettext_lazy("The page “%(name)s” changed"),
    "image": gettext_lazy("The image “%(name)s” changed"),
    "document": gettext_lazy("The document “%(name)s” changed"),
    "treatment_snippets.glossaryterm": gettext_lazy("The term “%(name)s” changed"),
    "treatment_snippets.reference": gettext_lazy("The reference “%(name)s” changed"),
    "treatment_snippets.contributor": gettext_lazy(
        "The contributor “%(name)s” changed"
    ),
    "treatment_snippets.condition": gettext_lazy("The condition “%(name)s” changed"),
    "treatment_snippets.treatment": gettext_lazy("The treatment “%(name)s” changed"),
    dependencies.PROMOTIONS: gettext_lazy("The promotions changed"),
    dependencies.SITES: gettext_lazy("The address of the site changed"),
    dependencies.LOCALES: gettext_lazy("The languages of the site changed"),
    dependencies.SETTINGS: gettext_lazy("What is said of the publisher changed"),
    dependencies.COLLECTIONS: gettext_lazy("The privacy of a collection changed"),
}


def describe_causes(versions: Iterable[Version]) -> dict[int, str]:
    """Return the cause of each entry in words: position → sentence.

    The number of queries depends on the kinds of causes only.
    """
    versions = list(versions)
    names = find_names({version.cause.get("key", "") for version in versions})
    users = find_users({version.cause.get("user_id", "") for version in versions})
    return {
        version.position: describe_cause(version, names, users) for version in versions
    }


def describe_cause(
    version: Version, names: dict[str, str], users: dict[str, str]
) -> str:
    """Return the cause of an entry as a sentence.

    Args:
        version: The entry.
        names: Key → name of what has changed.
        users: Id → name.
    """
    cause = version.cause
    action, key = cause.get("action", ""), cause.get("key", "")
    if not action:
        if version.reason == "expired":
            return _("Its date of expiry was reached")
        return _("A date was reached, or all documents were made anew")
    user = users.get(cause.get("user_id", "")) or cause.get("user", "")
    if key == dependencies.get_page_key(version.translation_key):
        return describe_own_action(version, action, user)
    kind = key.partition(":")[0]
    text = CONTAINED.get(kind) or _("“%(name)s” changed")
    words = text % {"name": names.get(key) or _("deleted since")}
    return f"{words} ({user})" if user else words


def describe_own_action(version: Version, action: str, user: str) -> str:
    """Return what was done to the article itself."""
    if action == "move":
        last = [path.strip("/").split("/")[-1] for path in get_paths(version)]
        is_section = len(set(last)) == 1
        words = (
            _("The section was moved") if is_section else _("The address was changed")
        )
        return f"{words} ({user})" if user else words
    if version.kind == version.Kind.WITHDRAWN:
        # A page that is unpublished is saved first.
        action = WITHDRAWALS.get(action, {}).get(version.reason, action)
    plain, with_user = OWN_ACTIONS.get(action, (_("Changed"), _("Changed by %(user)s")))
    return str(with_user) % {"user": user} if user else str(plain)


def get_paths(version: Version) -> tuple[str, str]:
    """Return where an article was and where it is."""
    return version.previous_path or version.path, version.path


def name_user(user: Any) -> str:
    """Return the full name of a user, or what they log in with."""
    get_full_name = getattr(user, "get_full_name", None)
    return (get_full_name() if get_full_name else "") or user.get_username()


def find_users(ids: Iterable[str]) -> dict[str, str]:
    """Return the names of users: id as text → name; whoever is gone is left out. One query."""
    model = get_user_model()
    field = model._meta.pk
    keys = []
    for text in ids:
        try:
            keys.append(field.to_python(text) if text else None)
        except (ValidationError, ValueError):
            continue
    rows = model._default_manager.filter(pk__in=[key for key in keys if key])
    return {str(user.pk): name_user(user) for user in rows}


def find_names(keys: Iterable[str]) -> dict[str, str]:
    """Return what is named by some keys: key → name. One query for each kind."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        kind, _separator, value = key.partition(":")
        if value:
            wanted[kind].append(value)
    names = {}
    for kind, values in wanted.items():
        model = find_model(kind)
        if model is None:
            continue
        is_translated = issubclass(model, TranslatableMixin)
        field = "translation_key" if is_translated else "pk"
        rows = model._default_manager.filter(**{f"{field}__in": values})
        # Of several languages the first one that was written names it.
        for row in rows.order_by("-pk"):
            names[f"{kind}:{getattr(row, field)}"] = get_name(row)
    return names


def find_model(kind: str) -> Any:
    """Return the model that the first part of a key stands for, or None."""
    known = {
        "page": Page,
        "image": get_image_model(),
        "document": get_document_model(),
    }
    if kind in known:
        return known[kind]
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def get_name(instance: Any) -> str:
    """Return what people call an object."""
    for name in ("title", "term", "name"):
        text = getattr(instance, name, "")
        if text:
            return str(text)
    return str(instance)
