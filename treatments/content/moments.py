"""How a moment in time is written."""

from __future__ import annotations

import re

#: A moment as RFC 3339 writes it. Whether its calendar has it is found out by whoever reads it.
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
