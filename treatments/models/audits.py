"""Signed exports of the last hash of each chain, and what a database has to say to them.

An export is JSON. Its signature is Ed25519 (RFC 8032) over its ``payload`` as JSON in canonical form (RFC 8785), so
that whoever has the public key can check it without us.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.db import connection
from django.utils import timezone

from treatments.conf import get_conf
from treatments.models.chains import find_flaws, get_label, list_chained_models
from treatments.models.triggers import has_guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from treatments.models.chains import ChainedModel

FORMAT = "wagtail-treatments-audit/1"


class AuditError(Exception):
    """An export cannot be made or read, or is not what it says; the text says why."""


def load_key() -> Ed25519PrivateKey:
    """Return the key that signs.

    Raises:
        AuditError: none is set.
    """
    text = get_conf().audit_key
    if not text:
        raise AuditError(
            "There is no key to sign with: set AUDIT_KEY in the environment, or TREATMENTS['AUDIT_KEY']. "
            "docs/operators.md says how to make one."
        )
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(text))


def get_public_key() -> str:
    """Return the public half of the key that signs, in base64; see ``load_key``."""
    return base64.b64encode(load_key().public_key().public_bytes_raw()).decode()


def write_payload(payload: dict[str, Any]) -> bytes:
    """Return what is signed. Names and texts are ASCII and numbers are whole, so that this is RFC 8785."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()


def build_export() -> dict[str, Any]:
    """Return the signed heads of all chains.

    Raises:
        AuditError: no key is set.
    """
    key = load_key()
    payload = {
        "format": FORMAT,
        "exported_at": timezone.now().isoformat(timespec="seconds"),
        "chains": {
            get_label(model): describe_head(model) for model in list_chained_models()
        },
    }
    return {
        "payload": payload,
        "signature": {
            "algorithm": "Ed25519",
            "public_key": get_public_key(),
            "value": base64.b64encode(key.sign(write_payload(payload))).decode(),
        },
    }


def describe_head(model: type[ChainedModel]) -> dict[str, Any]:
    """Return where a chain ends: the number of the last row, its hash, and how many rows there are."""
    head = model.chain_head.read()
    rows = model._base_manager.filter(pk__lte=head.position)
    return {
        "position": head.position,
        "hash": head.chain_hash,
        "count": rows.count(),
    }


def read_export(content: str, public_key: str) -> dict[str, Any]:
    """Return the payload of an export.

    Args:
        content: The export.
        public_key: In base64, of whoever has to have signed it.

    Raises:
        AuditError: it is none, or was not signed with that key.
    """
    try:
        verifier = Ed25519PublicKey.from_public_bytes(
            base64.b64decode(public_key, validate=True)
        )
    except ValueError as error:
        raise AuditError(
            "The public key is not 32 bytes in base64, such as export_audit --public-key gives."
        ) from error
    try:
        export = json.loads(content)
        payload, signature = export["payload"], export["signature"]["value"]
        verifier.verify(base64.b64decode(signature), write_payload(payload))
        is_known = payload["format"] == FORMAT
    except InvalidSignature as error:
        raise AuditError(
            "It was not signed with this key, or was changed afterwards."
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise AuditError("It is no export of export_audit.") from error
    if not is_known:
        raise AuditError(f"Its format is not {FORMAT}.")
    return payload


def compare_export(payload: dict[str, Any]) -> Iterator[str]:
    """Yield how the chains differ from what they were at the time of an export."""
    models = {get_label(model): model for model in list_chained_models()}
    for label, head in payload["chains"].items():
        model = models.get(label)
        if model is None:
            yield f"There is no {label} in this project."
        elif head["position"]:
            yield from compare_head(model, head)


def compare_head(model: type[ChainedModel], head: dict[str, Any]) -> Iterator[str]:
    """Yield how a chain differs from one whose end is known."""
    name, rows = model._meta.verbose_name, model._base_manager
    last = rows.filter(pk=head["position"]).values_list("chain_hash", flat=True)
    found = next(iter(last), None)
    if found is None:
        yield f"The {name} {head['position']} is missing, which was the last one."
    elif found != head["hash"]:
        yield f"The {name} {head['position']}, or one before it, was changed after the export."
    count = rows.filter(pk__lte=head["position"]).count()
    if count != head["count"]:
        yield f"Up to number {head['position']} there are {count} rows, and there were {head['count']}."


def find_all_flaws() -> Iterator[str]:
    """Yield what is wrong with the chains of all apps, and with what guards them."""
    for model in list_chained_models():
        yield from find_guard_flaws(model)
        yield from map(str, find_flaws(model))


def find_guard_flaws(model: type[ChainedModel]) -> Iterator[str]:
    """Yield that a database would not refuse to change rows."""
    if not has_guard(connection, model):
        yield (
            f"The database does not refuse to change {model._meta.verbose_name_plural}: its triggers are missing. "
            "To make them: manage.py migrate"
        )
