"""Kept under its documented name: see ``treatments.api.site.redirects``."""

from treatments.api.site.redirects import build_v3_urlpatterns as build_v3_urlpatterns
