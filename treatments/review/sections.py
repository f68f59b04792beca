"""Names of sections, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from treatments.hashes.content import ABOUT, ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def name_section(name: str, titles: Mapping[str, str]) -> str:
    """Return what a section is called: its heading, or what stands outside of the body.

    Args:
        name: As in ``treatments.hashes.content.hash_sections``.
        titles: Section of the body → heading.
    """
    known = {
        "summary": _("Summary"),
        "key_points": _("Key points"),
        "intro": _("Introduction"),
        "questions": _("Questions to ask the doctor"),
        ABOUT: _("Title, kind, conditions and the rest"),
        ORDER: _("Order of the sections: added, removed or moved"),
    }
    return known.get(name) or titles.get(name) or _("A section that is gone")


def name_sections(names: Iterable[str], titles: Mapping[str, str]) -> list[str]:
    """Return what sections are called."""
    return [name_section(name, titles) for name in names]
