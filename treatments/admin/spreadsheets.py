"""What a spreadsheet program gets of reports, so that it reads no text as a formula."""

from __future__ import annotations

from typing import Any

#: A text that starts so is calculated when a CSV file is opened (OWASP, “CSV Injection”).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class PlainCsvMixin:
    """For a view that exports: marks texts that somebody typed as texts. Excel files say so by themselves."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        """Put an apostrophe before what looks like a formula."""
        cell = super().preprocess_field_value(field, value, export_format)  # ty: ignore[missing-attribute]
        is_formula = isinstance(cell, str) and cell.startswith(FORMULA_STARTS)
        return f"'{cell}" if is_formula and export_format == "csv" else cell
