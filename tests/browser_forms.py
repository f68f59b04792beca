"""What a browser sends back of an editing form in which nobody has changed anything.

Draftail sends an empty text as it was rendered, or as ``null`` once somebody has clicked into it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bs4 import BeautifulSoup
from django.forms.widgets import Input
from wagtail import blocks
from wagtail.blocks.base import BlockField


def touch(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is sent after a click into each editor of rich text."""
    return {
        name: "null" if is_empty_text(value) else value for name, value in data.items()
    }


def is_empty_text(value: str) -> bool:
    """Tell whether an input holds an empty text of Draftail."""
    if not value.startswith("{"):
        return False
    texts = json.loads(value).get("blocks", [])
    return not any(each["text"].strip() for each in texts)


def fill_out(form: Any) -> dict[str, Any]:
    """Return the fields of a form and of its formsets as a browser sends them."""
    data: dict[str, Any] = {}
    for bound in form:
        if isinstance(bound.field, BlockField):
            fill_out_block(bound.field.block, bound.value(), bound.html_name, data)
        else:
            data |= read_inputs(bound.as_widget())
    for formset in getattr(form, "formsets", {}).values():
        data |= fill_out(formset.management_form)
        for row in formset.initial_forms:
            data |= fill_out(row)
    return data


def read_inputs(html: str) -> dict[str, str]:
    """Return what the inputs in some HTML send."""
    data = {}
    for tag in BeautifulSoup(html, "html.parser").find_all(
        ["input", "select", "textarea"]
    ):
        name = str(tag.get("name") or "")
        if not name:
            continue
        if tag.name == "select":
            chosen = tag.find("option", selected=True) or tag.find("option")
            data[name] = str(chosen["value"]) if chosen else ""
        elif tag.name == "textarea":
            data[name] = break_lines(tag.text.removeprefix("\n"))
        elif tag.get("type") not in ("checkbox", "radio") or tag.has_attr("checked"):
            data[name] = drop_breaks(str(tag.get("value", "")))
    return data


def write_input(value: Any) -> str:
    """Return the state of a block as its input has it; of a list of choices the chosen one."""
    if isinstance(value, list):
        value = value[0] if value else ""
    return "" if value is None else str(value)


def fill_out_block(
    block: blocks.Block, value: Any, name: str, data: dict[str, Any]
) -> None:
    """Add what the inputs of a block send, which scripts build from the state of the form."""
    if isinstance(block, blocks.StreamBlock):
        fill_out_entries(value, name, data)
        for index, child in enumerate(value):
            data[f"{name}-{index}-type"] = child.block_type
            fill_out_block(child.block, child.value, f"{name}-{index}-value", data)
    elif isinstance(block, blocks.ListBlock):
        fill_out_entries(value.bound_blocks, name, data)
        for index, child in enumerate(value.bound_blocks):
            fill_out_block(child.block, child.value, f"{name}-{index}-value", data)
    elif isinstance(block, blocks.StructBlock):
        for key, child in block.child_blocks.items():
            fill_out_block(child, value[key], f"{name}-{key}", data)
    else:
        state = block.get_form_state(value)
        if isinstance(block, blocks.ChooserBlock):
            data[name] = write_input(state and state["id"])
        elif isinstance(block, blocks.BooleanBlock):
            data |= {name: "on"} if state else {}
        else:
            is_line = isinstance(block.field.widget, Input)
            send = drop_breaks if is_line else break_lines
            data[name] = send(write_input(state))


def drop_breaks(text: str) -> str:
    """Return a text as a browser sends it from an input of one line; an editor's JSON has none."""
    return text if text.startswith("{") else re.sub("[\r\n]", "", text)


def break_lines(text: str) -> str:
    """Return a text as a browser sends it."""
    return text if text.startswith("{") else re.sub("\r?\n", "\r\n", text)


def fill_out_entries(entries: Any, name: str, data: dict[str, Any]) -> None:
    """Add what is sent of the entries of a stream or a list, beside their values."""
    data[f"{name}-count"] = str(len(entries))
    for index, entry in enumerate(entries):
        data[f"{name}-{index}-deleted"] = ""
        data[f"{name}-{index}-order"] = str(index)
        data[f"{name}-{index}-id"] = entry.id or ""
