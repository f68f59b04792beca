"""Kept under its documented name: see ``treatments.api.http.throttling``."""

from treatments.api.http.throttling import (
    AnonymousWriteThrottleMiddleware as AnonymousWriteThrottleMiddleware,
)
