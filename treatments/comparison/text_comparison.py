"""Compares formatted texts: their words, their links, their formatting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from treatments.comparison.block_places import SEPARATOR
from treatments.comparison.definitions import Weight
from treatments.comparison.findings import Findings, Kind, Significance
from treatments.comparison.link_changes import Link, find_link_changes, read_html
from treatments.comparison.plain_texts import write_name

if TYPE_CHECKING:
    from treatments.comparison.block_places import Spot


class TextComparison(Findings):
    """Compares formatted texts of two documents."""

    old: dict[str, Any]
    new: dict[str, Any]

    def compare_leaves(self, old: Any, new: Any, spot: Spot) -> None:
        """Compare values that are told as a whole."""
        raise NotImplementedError

    def compare_rich_texts(
        self, old: dict[str, str], new: dict[str, str], spot: Spot
    ) -> None:
        """Compare the words, where the links lead, and the formatting of what reads the same."""
        if old["text"] != new["text"]:
            self.compare_leaves(old, new, spot)
        if old["html"] == new["html"]:
            return
        (old_links, old_markup), (new_links, new_markup) = (
            read_html(value["html"]) for value in (old, new)
        )
        changes = list(find_link_changes(old_links, new_links))
        for before, after in changes:
            self.add_link(before, after, spot)
        if changes or old["text"] != new["text"]:
            return
        is_visible = old_markup != new_markup
        self.add(
            Kind.CHANGED,
            spot,
            old["html"],
            new["html"],
            Significance.EDITORIAL if is_visible else Significance.TECHNICAL,
            _("Formatting") if is_visible else _("Markup"),
        )

    def add_link(self, old: Link | None, new: Link | None, spot: Spot) -> None:
        """Note a link that leads elsewhere, is new or is gone; a glossary term and a citation are links too."""
        kind = Kind.CHANGED
        if old is None or new is None:
            kind = Kind.ADDED if old is None else Kind.REMOVED
        label = {"term": _("Glossary term"), "reference": _("Citation")}
        given = new or old
        is_clinical = spot.definition.weight is Weight.CLINICAL
        self.add(
            kind,
            spot,
            self.write_link(old, self.old),
            self.write_link(new, self.new),
            Significance.CLINICAL if is_clinical else Significance.EDITORIAL,
            label.get(given.kind if given else "", _("Link")),
        )

    def write_link(self, link: Link | None, document: dict[str, Any]) -> str:
        """Return the words of a link and where it leads."""
        if link is None:
            return ""
        entries = {"term": "glossary", "reference": "references"}.get(link.kind, "")
        names = {
            str(each.get("id")): write_name(each)
            for each in document.get(entries) or []
        }
        target = names.get(link.target) or link.address or f"#{link.target}"
        if link.kind in ("page", "document"):
            target = f"{link.address} (#{link.target})"
        words = " ".join(link.words.split())
        if not words or words == target:
            return target
        return f"{words}{SEPARATOR}{target}"
