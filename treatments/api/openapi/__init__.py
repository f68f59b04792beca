"""The OpenAPI document of the v3 API."""
