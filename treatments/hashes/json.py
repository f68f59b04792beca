"""How JSON is written: the bytes that are hashed are the bytes that are sent."""

from __future__ import annotations

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def write_json(value: Any) -> bytes:
    """Return JSON as it is sent: UTF-8 without spaces."""
    return json.dumps(
        value, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder
    ).encode()
