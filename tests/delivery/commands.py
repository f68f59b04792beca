"""Runs commands and gives what they say."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command


def run(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue()


def fail(command, *args, **options):
    out = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(command, *args, stdout=out, stderr=out, **options)
    return f"{out.getvalue()}{caught.value}"
