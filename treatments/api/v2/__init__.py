"""The endpoints of Wagtail's v2 API."""

from treatments.api.v2.endpoints import register_endpoints as register_endpoints
