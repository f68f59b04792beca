"""Kept under its documented name: see ``treatments.api.http.media``."""

from treatments.api.http.media import build_media_urlpatterns as build_media_urlpatterns
