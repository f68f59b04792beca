"""Two writers of the same thing: the entity tag of its newest draft, and ``If-Match`` (RFC 9110, 13.1.1).

What is read with a token has the tag of its state: of the row that is live and of the newest draft. A write with that
tag is done only where nothing has changed since, and of two at once one: it holds the lock of the row meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from modelcluster.models import get_all_child_relations
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision, RevisionMixin

from treatments.api.http.errors import problem_response
from treatments.api.http.problems import ProblemType
from treatments.api.http.tokens import has_valid_token
from treatments.api.pages.targets import (
    Target,
    find_kind,
    find_target,
    may_know,
    read_instance,
)
from treatments.conf import get_conf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import ExitStack

    from django.db.models import Model
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

#: Where pages were added below changes nothing in a page.
LEFT_OUT = frozenset({"numchild"})
#: One element of a list of entity tags; it may be empty (RFC 9110, 5.6.1).
ELEMENT = re.compile(r'[ \t]*(?:(W/)?("[\x21\x23-\x7e\x80-\uffff]*")[ \t]*)?(?:,|\Z)')
#: What ``If-Match`` says for any state.
ANY = "*"


def check_precondition(
    request: HttpRequest,
    operation_id: str,
    path_values: Mapping[str, Any],
    stack: ExitStack,
) -> HttpResponse | None:
    """Return a problem where a write may not be done in the present state, else None.

    Args:
        request: Its method and its header ``If-Match`` are looked at.
        operation_id: Of the operation in the OpenAPI document.
        path_values: The variable parts of the address.
        stack: Closed after the answer: the lock of what is written is held until then.
    """
    if request.method == "POST":
        created = find_kind(operation_id, path_values)
        request.treatments_created = created  # ty: ignore[missing-attribute]
    target = find_target(request, operation_id, path_values)
    if target is None or not has_valid_token(request):
        return None
    given = request.headers.get("If-Match")
    if target.is_write and given is None:
        if get_conf().require_if_match:
            return ask_for_tag()
        target.is_undone = False
    try:
        known = read_tags(ANY if given is None else given)
    except ValueError:
        return problem_response(
            HTTPStatus.BAD_REQUEST,
            'If-Match takes *, or entity tags in quotation marks, such as "5f2c…".',
            ProblemType.MALFORMED_REQUEST,
        )
    if target.is_write:
        stack.enter_context(transaction.atomic())
    target.tag = build_tag(target)
    if not target.tag:
        # The view says that there is nothing, or nothing for this caller.
        return None
    request.treatments_target = target  # ty: ignore[missing-attribute]
    if not target.is_write or known & {ANY, target.tag}:
        return None
    instance = target.model._base_manager.get(pk=target.pk)
    return refuse(target, instance) if may_know(request, instance) else None


def ask_for_tag() -> HttpResponse:
    """Return a 428: nobody overwrites what they have not seen."""
    return problem_response(
        HTTPStatus.PRECONDITION_REQUIRED,
        "This write needs the header If-Match with the ETag of what you have read.",
    )


def refuse(target: Target, instance: Any) -> HttpResponse:
    """Return a 412 with the present state."""
    state: dict[str, Any] = {"etag": target.tag}
    if isinstance(instance, RevisionMixin):
        revision = instance.latest_revision
        state["revision_id"] = revision.pk if revision else None
        state["revised_at"] = revision.created_at.isoformat() if revision else None
    if hasattr(instance, "live"):
        state["live"] = instance.live
    return problem_response(
        HTTPStatus.PRECONDITION_FAILED,
        "Somebody has changed this since you have read it. Read it again, with ?version=draft where there are drafts, "
        "and repeat your change.",
        extra={"state": state},
        headers={"ETag": target.tag},
    )


def read_tags(header: str) -> set[str]:
    """Return the strong entity tags of ``If-Match``, with quotation marks, or ``*``; weak ones match nothing.

    Raises:
        ValueError: it is no list of entity tags.
    """
    if header.strip(" \t") == ANY:
        return {ANY}
    tags, position, has_tags = set(), 0, False
    while position < len(header):
        element = ELEMENT.match(header, position)
        if element is None:
            raise ValueError("No list of entity tags.")
        weak, tag = element.groups()
        has_tags = has_tags or tag is not None
        if tag and not weak:
            tags.add(tag)
        position = element.end()
    if not has_tags:
        raise ValueError("No list of entity tags.")
    return tags


def finish(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Put the entity tag into an answer, and take a write back that has failed. Called before the lock is released."""
    target: Target | None = getattr(request, "treatments_target", None)
    if answer.status_code == HTTPStatus.CREATED:
        add_first_tag(request, answer)
    if target is None:
        return
    if not target.is_write:
        if answer.status_code == HTTPStatus.OK:
            # That of before the answer: what is written meanwhile is noticed.
            answer.headers["ETag"] = target.tag
        return
    if answer.status_code >= HTTPStatus.BAD_REQUEST:
        if target.is_undone:
            transaction.set_rollback(True)
    elif answer.status_code == HTTPStatus.OK:
        answer.headers["ETag"] = build_tag(target)


def add_first_tag(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Put the entity tag of what was created into the answer."""
    model = getattr(request, "treatments_created", None)
    if model is None:
        return
    written = json.loads(getattr(answer, "content", b"{}"))
    pk = written.get("id", written.get(model._meta.pk.name))
    tag = build_tag(Target(model, str(pk), is_write=False))
    if tag:
        answer.headers["ETag"] = tag


def build_tag(target: Target) -> str:
    """Return the strong entity tag of a thing's state, with quotation marks; nothing where there is none.

    In a write its row is locked until the transaction ends.
    """
    instance = read_instance(target, is_locked=target.is_write)
    if instance is None:
        return ""
    if isinstance(instance, Page):
        instance = instance.specific
    parts = [read_rows(*table) for table in list_tables(instance)]
    text = json.dumps(parts, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()}"'


def list_tables(instance: Model) -> Iterator[tuple[type[Model], str, Any]]:
    """Yield what the state of a thing consists of: a model, a column of it, and its value in the rows that count."""
    model = type(instance)
    for each in (*model._meta.all_parents, model):
        if not each._meta.proxy:
            yield each, str(each._meta.pk.column), instance.pk
    for relation in get_all_child_relations(model):
        # Whoever comments changes nothing that a write could overwrite.
        if relation.get_accessor_name() != COMMENTS_RELATION_NAME:
            yield relation.related_model, relation.field.column, instance.pk
    for field in model._meta.many_to_many:
        through: Any = field.remote_field.through
        if through._meta.auto_created:
            yield through, field.m2m_column_name(), instance.pk
    revision_id = getattr(instance, "latest_revision_id", None)
    if revision_id:
        yield Revision, "id", revision_id


def read_rows(model: type[Model], column: str, value: Any) -> list[Any]:
    """Return rows as the database has them: read as values, a stream without ids would get others each time."""
    quote = connection.ops.quote_name
    fields = [
        quote(str(field.column))
        for field in model._meta.local_concrete_fields
        if field.name not in LEFT_OUT
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(fields)} FROM {quote(model._meta.db_table)} "  # noqa: S608 - names of columns
            f"WHERE {quote(column)} = %s ORDER BY {quote(str(model._meta.pk.column))}",
            [value],
        )
        return cursor.fetchall()
