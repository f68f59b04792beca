"""The two inline entities of the rich text editor: a glossary term and a citation.

In the database they are links, ``<a linktype="glossary-term" id="7">word</a>`` and
``<a linktype="citation" id="3">[Khan 2022]</a>``, because translation keeps the attributes of links.
How they reach an API client is not decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from draftjs_exporter import DOM
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.rich_text.converters.editor_html import LinkTypeRule
from wagtail.admin.rich_text.converters.html_to_contentstate import (
    InlineEntityElementHandler,
)
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text import LinkHandler

from snippets.choosers import name_choice
from snippets.features import CITATION_FEATURE, TERM_FEATURE
from snippets.models import GlossaryTerm, Reference

if TYPE_CHECKING:
    from django.db.models import Model
    from wagtail.rich_text.feature_registry import FeatureRegistry


def parse_id(value: Any) -> int | None:
    """Return the id that an attribute holds, or None when it holds something else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() else None


class SnippetLinkHandler(LinkHandler):
    """Finds the snippets that links of one type name, and counts them as used."""

    model: ClassVar[type[Model]]

    @classmethod
    def get_model(cls) -> type[Model]:
        """Return the model behind the links."""
        return cls.model

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Any]:
        """Return one published snippet or None for each link, in one query."""
        ids = [parse_id(attrs.get("id")) for attrs in attrs_list]
        found = cls.model._default_manager.filter(live=True).in_bulk(
            {pk for pk in ids if pk}
        )
        return [found.get(pk) for pk in ids]

    @classmethod
    def expand_db_attributes(cls, attrs: dict) -> str:
        """Return the opening tag of one link."""
        return cls.expand_db_attributes_many([attrs])[0]

    @classmethod
    def extract_references(cls, attrs: dict):
        """Tell the reference index what the link uses."""
        pk = parse_id(attrs.get("id"))
        if pk:
            yield cls.model, str(pk), "", ""


class TermLinkHandler(SnippetLinkHandler):
    """A word with an entry in the glossary.

    Wagtail replaces opening tags only, so the stock rendering stays a link without an address:
    ``<a data-term="7">word</a>``.
    """

    identifier = TERM_FEATURE
    model = GlossaryTerm

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Any]:
        """Return the published terms, in the active language where they exist in it; at most two queries."""
        terms = super().get_many(attrs_list)
        keys = {term.translation_key for term in terms if term is not None}
        if not keys:
            return terms
        translated = GlossaryTerm.objects.filter(
            translation_key__in=keys, locale__language_code=get_language(), live=True
        )
        by_key = {term.translation_key: term for term in translated}
        return [term and by_key.get(term.translation_key, term) for term in terms]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        """Return the opening tags; an unknown or unpublished term leaves the word alone."""
        return [
            f'<a data-term="{term.pk}">' if term else "<a>"
            for term in cls.get_many(attrs_list)
        ]


class CitationLinkHandler(SnippetLinkHandler):
    """The place where a source is cited; see ``TermLinkHandler`` for the shape."""

    identifier = CITATION_FEATURE
    model = Reference

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        """Return the opening tags; an unknown or unpublished reference leaves its label alone."""
        return [
            f'<a data-reference="{reference.pk}">' if reference else "<a>"
            for reference in cls.get_many(attrs_list)
        ]


class EntityElementHandler(InlineEntityElementHandler):
    """Database link → editor entity, with what the editor's tooltip shows."""

    model: type[Model]

    def get_attribute_data(self, attrs: dict) -> dict[str, Any]:
        """Return the id, a title and the address of the editing view; without the latter two when it is gone."""
        pk = parse_id(attrs.get("id"))
        instance = self.model._default_manager.filter(pk=pk).first() if pk else None
        if instance is None:
            return {"id": pk}
        return {
            "id": pk,
            "title": name_choice(instance),
            "url": AdminURLFinder().get_edit_url(instance),
        }


class TermElementHandler(EntityElementHandler):
    """A glossary term marks words that an editor may go on changing."""

    mutability = "MUTABLE"
    model = GlossaryTerm


class CitationElementHandler(EntityElementHandler):
    """A citation is one piece: it is replaced or removed as a whole."""

    mutability = "IMMUTABLE"
    model = Reference


def make_entity_exporter(linktype: str):
    """Return the component that turns an editor entity into a database link; without an id, into its words."""

    def export(props: dict) -> Any:
        pk = parse_id(props.get("id"))
        if pk is None:
            return props["children"]
        return DOM.create_element(
            "a", {"linktype": linktype, "id": str(pk)}, props["children"]
        )

    return export


class EntityInputRule:
    """Takes links of other editors and of the API; without a numeric id, only their words are kept."""

    @staticmethod
    def get_db_attributes(tag: Any) -> dict[str, str]:
        """Return the attributes to store.

        Raises:
            KeyError: the tag has no usable id, which makes Wagtail keep its content only.
        """
        pk = parse_id(tag["data-id"])
        if pk is None:
            raise KeyError("data-id")
        return {"id": str(pk)}

    @staticmethod
    def expand_db_attributes(attrs: dict) -> str:
        """Return the opening tag for an HTML editor."""
        return f'<a data-linktype="{attrs["linktype"]}" data-id="{parse_id(attrs.get("id")) or ""}">'


def register_entity(
    features: FeatureRegistry,
    feature: str,
    entity_type: str,
    *,
    icon: str,
    description: Any,
    element_handler: EntityElementHandler,
    link_handler: type[SnippetLinkHandler],
    chooser_url_name: str,
) -> None:
    """Register one entity: the button, the conversions, the rendering and the rule for API input."""
    features.register_link_type(link_handler)
    features.register_editor_plugin(
        "draftail",
        feature,
        EntityFeature(
            {
                "type": entity_type,
                "icon": icon,
                "description": description,
                "chooserUrls": {"snippetChooser": reverse_lazy(chooser_url_name)},
            },
            js=[
                "wagtailadmin/js/chooser-modal.js",
                "treatment_snippets/js/rich-text-entities.js",
            ],
            css={"all": ["treatment_snippets/css/rich-text-entities.css"]},
        ),
    )
    features.register_converter_rule(
        "contentstate",
        feature,
        {
            "from_database_format": {f'a[linktype="{feature}"]': element_handler},
            "to_database_format": {
                "entity_decorators": {entity_type: make_entity_exporter(feature)}
            },
        },
    )
    features.register_converter_rule(
        "editorhtml", feature, [LinkTypeRule(feature, EntityInputRule)]
    )


def register_entities(features: FeatureRegistry) -> None:
    """Register glossary terms and citations with Wagtail's rich text."""
    register_entity(
        features,
        TERM_FEATURE,
        "GLOSSARY_TERM",
        icon="treatment-glossary",
        description=_("Glossary term"),
        element_handler=TermElementHandler("GLOSSARY_TERM"),
        link_handler=TermLinkHandler,
        chooser_url_name="wagtailsnippetchoosers_treatment_snippets_glossaryterm:choose",
    )
    register_entity(
        features,
        CITATION_FEATURE,
        "CITATION",
        icon="openquote",
        description=_("Citation"),
        element_handler=CitationElementHandler("CITATION"),
        link_handler=CitationLinkHandler,
        chooser_url_name="wagtailsnippetchoosers_treatment_snippets_reference:choose",
    )
