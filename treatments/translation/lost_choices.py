"""What readers would not get of a translation: what its own page has chosen, and what its source names and is gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import ForeignKey
from wagtail.fields import StreamField

from treatments.content.choices import iterate_choices
from treatments.content.hidden_choices import HiddenChoice, Reason, find_hidden_choices
from treatments.models import TreatmentArticleMixin

if TYPE_CHECKING:
    from wagtail_localize.models import Translation


def find_lost_choices(translation: Translation, target: Any) -> list[HiddenChoice]:
    """Return the choices of an article that its readers would not get, in reading order.

    What is gone leaves no trace in the translated page: the source says where it was.

    Args:
        translation: The translation.
        target: The article that was made of it.
    """
    if not isinstance(target, TreatmentArticleMixin):
        return []
    content = json.loads(translation.source.content_json)
    model: Any = type(target)
    source = model.from_serializable_data(content, check_fks=False)
    source.locale_id, source.alias_of_id = target.locale_id, None
    own = {each.pointer: each.pk for each in iterate_choices(target)}
    gone = [
        each
        for each in find_hidden_choices(source)
        if each.reason is Reason.DELETED and not is_overridden(each, target, own)
    ]
    places = {each.choice.pointer for each in gone}
    return gone + [
        each
        for each in find_hidden_choices(target)
        if each.choice.pointer not in places
    ]


def is_overridden(hidden: HiddenChoice, target: Any, own: dict[str, Any]) -> bool:
    """Tell whether a translation has something of its own, such as a picture, in the place of what is gone.

    An entry of a list or a row cannot be replaced: what stands at its place is the next one.
    """
    choice = hidden.choice
    field = target._meta.get_field(choice.path[0])
    if choice.list_path or not isinstance(field, StreamField | ForeignKey):
        return False
    return own.get(choice.pointer, choice.pk) != choice.pk
