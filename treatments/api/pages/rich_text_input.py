"""Checks rich text that a client writes: what Wagtail would drop or change on its way is refused by name.

The rules are those of the editor's paste, but a program is told to mend its text where a person is told what was
left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, cast

from bs4 import BeautifulSoup
from draftjs_exporter import MarkdownParseError
from draftjs_exporter.error import ExporterException
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.admin.rich_text.converters.db_html import DbHTMLConverter
from wagtail.admin.rich_text.converters.markdown_db import MarkdownConverter
from wagtail.api.rich_text import APIRichText
from wagtail.api.v3.schemas import create_generator, patch_generator
from wagtail.api.v3.schemas.generators.write import rich_text_schema
from wagtail.fields import RichTextField
from wagtail.rich_text import features as feature_registry
from wagtail.whitelist import check_url

from treatments.api.pages.existence import Choice, find_missing
from treatments.api.pages.markdown_input import LISTS, find_markdown_problems
from treatments.content.rich_text import SAFE_URL
from treatments.hashes.normal_forms import join_lists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from django.db.models import Model

ENVELOPE = frozenset({"format", "content", "removals"})
STRUCK = re.compile(
    r"(text-decoration(-line)?\s*:[^;]*line-through|text-line-through\s*:\s*(?!none))",
    re.IGNORECASE,
)
HIDDEN = re.compile(
    r"(display\s*:\s*none|visibility\s*:\s*(hidden|collapse)|mso-hide\s*:\s*(all|screen)"
    r"|font-size\s*:\s*0(?![.\d]*[1-9])|opacity\s*:\s*0(?![.\d]*[1-9]))",
    re.IGNORECASE,
)
RAISED = re.compile(
    r"(vertical-align\s*:\s*(super|sub|text-top|text-bottom|[-+]?(?=[.\d]*[1-9])[.\d])"
    r"|mso-text-raise\s*:\s*[-+]?(?=[.\d]*[1-9])[.\d])",
    re.IGNORECASE,
)
STYLE_COMMENT = re.compile(r"/\*.*?(\*/|\Z)", re.DOTALL)
INTERNAL_LINK = re.compile(r"<a\b[^>]*\blinktype=[^>]*>")
EMBED = re.compile(r"<embed\b[^>]*>")
BREAKS = frozenset({"br", "hr"})
BLOCKS = frozenset(
    {"p", "div", "blockquote", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
)
#: The space beside a mark may stand on either side of it.
LEVEL_EDGE = re.compile(r" ?(</?su[bp]>) ?")
LEVEL_BESIDE = re.compile(r"</(su[bp])><\1>|<(su[bp])></\2>")
LEVELS = frozenset({"sup", "sub"})
#: Stored as one list, whose numbers go on.
LISTS_IN_A_ROW = re.compile(r"</ol>\s*<ol\b")
NUMBERS = (
    "The numbers of a list begin with 1 and leave none out. "
    "Write other numbers into paragraphs."
)
WORDS = {
    "table": "Write each row as a paragraph, or use a table block.",
    "s": "Struck-out text is no part of a text.",
    "strike": "Struck-out text is no part of a text.",
    "del": "Struck-out text is no part of a text.",
    "ins": "Write the inserted text without its mark.",
}

Problem = tuple[str, str]


class RichTextReader:
    """What is wrong with one rich text, and what it leads to."""

    def __init__(self, value: Any, features: list[str] | None) -> None:
        self.features = (
            feature_registry.get_default_features() if features is None else features
        )
        self.problems: list[Problem] = []
        self.links: list[tuple[type[Model], Any]] = []
        source = self.read_source(value)
        if source is None:
            return
        try:
            self.check(source)
        except RecursionError:
            self.refuse("nesting", "The tags are nested too deeply.")

    def refuse(self, type_: str, message: str) -> None:
        """Remember a mistake, once."""
        if (type_, message) not in self.problems:
            self.problems.append((type_, message))

    def read_source(self, value: Any) -> str | None:
        """Return database HTML, or None where the value is none."""
        if isinstance(value, dict):
            for name in sorted(set(value) - ENVELOPE):
                self.refuse("unknown_field", f"Unknown name {str(name)[:60]!r}.")
        try:
            format_, content = APIRichText.parse_input(value)
            if format_ != APIRichText.FORMAT_DB_MARKDOWN:
                return content
            stored = MarkdownConverter().to_database_format(content)
            for type_, message in find_markdown_problems(content, stored):
                self.refuse(type_, message)
            # Its exporter divides a list around one inside it.
            return join_lists(stored)
        except (MarkdownParseError, ValueError, LookupError) as error:
            self.refuse("rich_text_format", f"This cannot be read: {error}")
        return None

    def check(self, source: str) -> None:
        """Look at every tag, then at what the editor makes of the whole."""
        document = BeautifulSoup(source, "html.parser")
        for tag in document.find_all(True):
            self.check_meaning(tag)
            self.check_number(tag)
            self.check_link(tag)
        converter = DbHTMLConverter(self.features)
        cleaned, removals = converter.clean(source)
        for removal in removals:
            self.refuse(removal.reason, describe_removal(removal))
        if not self.problems:
            self.check_stored(cleaned)

    def check_meaning(self, tag: Tag) -> None:
        """Refuse what an attribute says of the words and Wagtail forgets with the attribute."""
        style = STYLE_COMMENT.sub("", str(tag.get("style") or ""))
        if STRUCK.search(style):
            self.refuse(
                "struck_text", f"{quote(tag)} is struck out by its style. Leave it out."
            )
        if "hidden" in tag.attrs or HIDDEN.search(style):
            self.refuse("hidden_text", f"{quote(tag)} is hidden. Leave it out.")
        if RAISED.search(style) and tag.name not in {"sup", "sub"}:
            self.refuse(
                "level",
                f"{quote(tag)} is raised or lowered by its style. Use sup or sub.",
            )

    def check_number(self, tag: Tag) -> None:
        """Refuse a list whose numbers would become others: it counts from 1, one by one."""
        items = tag.find_all("li", recursive=False) if tag.name == "ol" else []
        changed = [
            item
            for number, item in enumerate(items, 1)
            if item.get("value", str(number)) != str(number)
        ]
        is_other = tag.get("start", "1") != "1" or "reversed" in tag.attrs
        if items and (is_other or changed or tag.get("type", "1") != "1"):
            self.refuse("list_number", f"{quote(tag)}: {NUMBERS}")

    def check_link(self, tag: Tag) -> None:
        """Remember what a link leads to; refuse one that leads nowhere."""
        if tag.name == "a" and tag.find_parent("a"):
            self.refuse("nesting", f"{quote(tag)} is a link within a link.")
        if tag.name == "a" and "linktype" not in tag.attrs:
            address = tag.get("href")
            if not is_usable(str(address or "")):
                self.refuse("link", f"{quote(tag)} is a link without a usable address.")
            return
        model = find_model(tag)
        if model is not None and "id" in tag.attrs:
            self.links.append((model, tag["id"]))

    def check_stored(self, cleaned: str) -> None:
        """Refuse what the editor could not read, or would read as another text."""
        if LISTS_IN_A_ROW.search(cleaned):
            self.refuse("list_number", LISTS)
            return
        converter = ContentstateConverter([*self.features, "link"])
        # What a link leads to is asked for once for all, not here.
        cleaned = EMBED.sub("", INTERNAL_LINK.sub('<a href="#">', cleaned))
        try:
            stored = converter.to_database_format(
                converter.from_database_format(cleaned)
            )
        except (
            AssertionError,
            AttributeError,
            ExporterException,
            LookupError,
            TypeError,
            ValueError,
        ):
            self.refuse(
                "nesting",
                "The tags do not fit into each other: a list has items only, "
                "an item has words and lists, and a paragraph has words.",
            )
            return
        if list_lines(join_lists(stored)) != list_lines(join_lists(cleaned)):
            self.refuse(
                "nesting",
                "The text would be stored with other lines or lists. "
                "Write words into paragraphs and items, and no paragraphs into these.",
            )


def describe_removal(removal: Any) -> str:
    """Return what is wrong with something that Wagtail would remove."""
    source = removal.detail or removal.tag
    if removal.reason == "missing_attribute":
        return f"{source} has no usable id."
    if removal.reason != "feature_disabled":
        return f"{source} is of a kind that this text cannot have."
    hint = WORDS.get(removal.tag, "")
    return f"This text cannot have <{removal.tag}>. {hint}".strip()


def quote(tag: Tag) -> str:
    """Return the beginning of a tag's words."""
    return f"“{' '.join(tag.get_text(' ').split())[:60]}”"


def find_model(tag: Tag) -> type[Model] | None:
    """Return the model that an internal link or a picture leads to, or None."""
    types = {
        "a": (feature_registry.get_link_types, "linktype"),
        "embed": (feature_registry.get_embed_types, "embedtype"),
    }
    if tag.name not in types:
        return None
    get_types, marker = types[tag.name]
    handler = get_types().get(tag.get(marker))
    try:
        return handler.get_model() if handler else None
    except NotImplementedError:
        return None


def list_lines(source: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the lines of a rich text, each with the blocks around it: which item of which list, which heading."""
    lines: list[tuple[tuple[str, ...], list[str]]] = []
    collect_lines(BeautifulSoup(source, "html.parser"), (), lines)
    found = ((path or ("p",), join_levels("".join(words))) for path, words in lines)
    return [(path, words) for path, words in found if words]


def join_levels(words: str) -> str:
    """Return a line in which neighboring marks of the same level are one, with a space where there is any."""
    line = LEVEL_EDGE.sub(r"\1", " ".join(words.split()))
    return LEVEL_BESIDE.sub("", line)


def collect_lines(
    tag: Tag, path: tuple[str, ...], lines: list[tuple[tuple[str, ...], list[str]]]
) -> None:
    """Add the lines inside a tag; each block and each break begins one, and so does what goes on after a block."""
    items = 0
    for child in tag.children:
        name = getattr(child, "name", None)
        if name is None:
            if not lines or lines[-1][0] != path:
                lines.append((path, []))
            lines[-1][1].append(str(child))
        elif name in BREAKS:
            lines.append((path, []))
        elif name in BLOCKS:
            items += name == "li"
            step = f"li {items}" if name == "li" else "p" if name == "div" else name
            inner = (*path, step)
            lines.append((inner, []))
            collect_lines(cast("Tag", child), inner, lines)
            lines.append((path, []))
        else:
            mark = name if name in LEVELS else ""
            collect_marked(cast("Tag", child), mark, path, lines)


def collect_marked(
    tag: Tag,
    mark: str,
    path: tuple[str, ...],
    lines: list[tuple[tuple[str, ...], list[str]]],
) -> None:
    """Add the words of what stands within a line; where they are above or below it, between marks."""
    if not mark:
        collect_lines(tag, path, lines)
        return
    if not lines or lines[-1][0] != path:
        lines.append((path, []))
    lines[-1][1].append(f"<{mark}>")
    collect_lines(tag, path, lines)
    lines[-1][1].append(f"</{mark}>")


def is_usable(address: str) -> bool:
    """Tell whether readers get a link to an address."""
    return bool(check_url(address) and SAFE_URL.match(address.strip()))


def list_problems(value: Any, features: list[str] | None) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with the rich text of a field."""
    reader = RichTextReader(value, features)
    for type_, message in reader.problems:
        yield {"pointer": "", "type": type_, "msg": message}
    choices = [Choice("", model, raw) for model, raw in reader.links]
    for _choice, message in find_missing(choices):
        yield {"pointer": "", "type": "not_found", "msg": message}


def build_rich_text_input_schema(generator: Any, field: Any) -> tuple[Any, Any]:
    """Return Wagtail's input schema of a rich text field, with the checks of this module before it."""
    annotation, default = cast("tuple[Any, Any]", rich_text_schema(generator, field))

    def check(raw: Any) -> Any:
        if isinstance(raw, (str, dict)):
            problems = list(list_problems(raw, field.features))
            if problems:
                raise PydanticCustomError(
                    "rich_text_input", "The text is not valid.", {"problems": problems}
                )
        return raw

    return Annotated[annotation, BeforeValidator(check)], default  # ty: ignore[invalid-type-form]


def register_rich_text_input() -> None:
    """Check what is written into any rich text field. Call it before the v3 registry is imported."""
    for generator in (create_generator, patch_generator):
        generator.register_field_schema(RichTextField, build_rich_text_input_schema)
