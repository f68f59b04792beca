"""Asks each contender of one server once, without the server: whether it answers what it should, in how many queries.

python -m tests.benchmarks.probing SERVER SIZE < sample.json
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import django

from tests.benchmarks.contenders import CONTENDERS, WrongAnswerError

if TYPE_CHECKING:
    from django.test import Client

    from tests.benchmarks.contenders import Contender, Sample


def probe(
    client: Client, contender: Contender, sample: Sample, number: int = 0
) -> dict[str, Any]:
    """Return the number of queries and bytes of one request; the second one, since the first fills caches.

    Raises:
        WrongAnswerError: another status, or another answer than that of the sample.
    """
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path, headers = contender.requests(sample)[number]
    headers = {"host": "localhost", **headers}
    client.get(path, headers=headers)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path, headers=headers)
    if response.status_code != contender.status:
        raise WrongAnswerError(
            f"{contender.name}: {response.status_code} at {path}: {response.content[:300]!r}"
        )
    try:
        contender.check(sample, number, response.content)
    except (WrongAnswerError, KeyError, ValueError) as error:
        raise WrongAnswerError(f"{contender.name}: {error} at {path}") from error
    return {"queries": len(queries), "bytes": len(response.content)}


def main(arguments: list[str]) -> None:
    """Ask, and write what came out as JSON, by the name of the contender."""
    django.setup()
    from django.test import Client

    server, size = arguments
    sample = json.load(sys.stdin)
    # A contender that fails shows its own error.
    client = Client(raise_request_exception=True)
    found = {
        each.name: probe(client, each, sample)
        for each in CONTENDERS
        if each.server == server and size in each.sizes
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
