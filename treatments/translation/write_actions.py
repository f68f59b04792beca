"""Refuses writes to a page or a snippet that its translation would overwrite: those that the v3 API makes by actions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from modelcluster.models import ClusterableModel, get_serializable_data_for_fields
from wagtail.actions import (
    EditAction,
    EditPageAction,
    RevertToPageRevisionAction,
    RevertToRevisionAction,
)
from wagtail.fields import StreamField
from wagtail.models import DraftStateMixin, TranslatableMixin
from wagtail_localize.fields import get_translatable_fields
from wagtail_localize.models import Translation

from treatments.hashes.difference import compare
from treatments.hashes.raw import Fingerprints, build_fingerprints
from treatments.ports.publication import WriteRefusedError

if TYPE_CHECKING:
    from django.db.models import Model


class GovernedError(WriteRefusedError):
    """Something would be written that the next publication of a translation overwrites."""


class GovernedEditMixin:
    """Saves changes, but not to what a translation governs."""

    def _save_instance(self) -> None:
        """Compare what is saved, with its rows, with the newest draft; a refusal undoes the transaction."""
        before = read_governed(self.instance)  # ty: ignore[missing-attribute]
        super()._save_instance()  # ty: ignore[missing-attribute]
        check_governed(before, self.instance)  # ty: ignore[missing-attribute]


class GovernedEditAction(GovernedEditMixin, EditAction):
    """Changes a snippet."""


class GovernedEditPageAction(GovernedEditMixin, EditPageAction):
    """Changes a page."""


class GovernedRevertMixin:
    """Goes back to a revision that says the same where a translation governs."""

    def check(self, skip_permission_checks: bool = False) -> None:
        """Compare the revision with the newest draft."""
        super().check(skip_permission_checks=skip_permission_checks)  # ty: ignore[missing-attribute]
        before = read_governed(self.instance)  # ty: ignore[missing-attribute]
        if before is not None:
            check_governed(before, self.revision.as_object())  # ty: ignore[missing-attribute]


class GovernedRevertAction(GovernedRevertMixin, RevertToRevisionAction):
    """Brings an older version of a snippet back."""


class GovernedRevertPageAction(GovernedRevertMixin, RevertToPageRevisionAction):
    """Brings an older version of a page back."""


def read_governed(instance: Any) -> Fingerprints | None:
    """Return what the newest draft says; None where no enabled translation governs it."""
    is_translatable = isinstance(instance, TranslatableMixin)
    if instance.pk is None or not is_translatable or not is_governed(instance):
        return None
    stored = type(instance)._base_manager.get(pk=instance.pk)
    if isinstance(stored, DraftStateMixin):
        stored = stored.get_latest_revision_as_object()
    return read_fingerprints_of(stored)


def is_governed(instance: Any) -> bool:
    """Tell whether an enabled translation gives an instance its texts."""
    return Translation.objects.filter(
        source__object_id=instance.translation_key,
        target_locale_id=instance.locale_id,
        enabled=True,
    ).exists()


def read_fingerprints_of(instance: Model) -> Fingerprints:
    """Return the fingerprints of an instance as it is in memory."""
    content = (
        instance.serializable_data()
        if isinstance(instance, ClusterableModel)
        else get_serializable_data_for_fields(instance)
    )
    for each in type(instance)._meta.fields:
        if isinstance(each, StreamField):
            content[each.name] = json.loads(content[each.name])
    return build_fingerprints(type(instance), unify_markup(content))


def unify_markup(value: Any) -> Any:
    """Return a content with its markup in one form: wagtail-localize and editors sort attributes differently."""
    if isinstance(value, dict):
        return {name: unify_markup(each) for name, each in value.items()}
    if isinstance(value, list):
        return [unify_markup(each) for each in value]
    if isinstance(value, str) and "<" in value:
        return str(BeautifulSoup(value, "html.parser"))
    return value


def check_governed(before: Fingerprints | None, instance: Model) -> None:
    """Refuse what changes anything that the next publication of the translation overwrites.

    Raises:
        GovernedError: naming the fields and the blocks.
    """
    if before is None:
        return
    model = type(instance)
    governed = {each.field_name for each in get_translatable_fields(model)}
    own = {each.name for each in model._meta.get_fields()}
    changed = [
        key
        for key in compare(before, read_fingerprints_of(instance)).keys
        # What is no field is a block of a stream.
        if key in governed or key not in own
    ]
    if changed:
        raise GovernedError(
            "It is a translation, whose next publication would overwrite this. Translate it in the translation "
            f"editor, or stop the translation first. Changed: {', '.join(changed)}."
        )
