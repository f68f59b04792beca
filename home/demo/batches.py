"""Makes one transaction of many writes, and does once what would follow from each of them.

An editor's save updates the index of references and that of the search. The demonstration saves the
same object several times in a row: here each is indexed once, at the end of the same transaction.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_save
from modelcluster.fields import ParentalKey
from wagtail.models import ReferenceIndex
from wagtail.search.index import get_indexed_models
from wagtail.search.signal_handlers import post_save_signal_handler
from wagtail.signal_handlers import update_reference_index_on_save

from home.demo.content import DemoContentError
from treatments.ports.followups import gather

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from django.db.models import Model


@contextmanager
def write_together() -> Generator[None]:
    """Keep all of what is written inside or nothing; a mistake in a file keeps what came before it."""
    mistake = None
    with (
        gather(),
        call_later(update_reference_index_on_save, ReferenceIndex.tracked_models),
        call_later(post_save_signal_handler, get_indexed_models()),
    ):
        try:
            yield
        except DemoContentError as error:
            mistake = error
    if mistake is not None:
        raise mistake


@contextmanager
def call_later(
    handler: Callable[..., None], models: Iterable[type[Model]]
) -> Generator[None]:
    """Call a receiver of ``post_save`` at the end, once for each object that was saved inside.

    A row belongs to its page, which stands for it: the row may be replaced by then.
    """
    saved: dict[tuple[type[Model], Any], Model] = {}

    def remember(instance: Model, raw: bool = False, **kwargs: Any) -> None:
        if not raw:
            owner = find_owner(instance)
            saved[type(owner), owner.pk] = owner

    replaced = [
        model for model in models if post_save.disconnect(handler, sender=model)
    ]
    for model in replaced:
        post_save.connect(remember, sender=model)
    try:
        yield
    finally:
        for model in replaced:
            post_save.disconnect(remember, sender=model)
            post_save.connect(handler, sender=model)
    for instance in saved.values():
        handler(instance=instance)


def find_owner(instance: Any) -> Any:
    """Return the object that a row belongs to, such as its page; any other object as it is."""
    for field in instance._meta.get_fields():
        if isinstance(field, ParentalKey):
            return find_owner(getattr(instance, field.name))
    return instance
