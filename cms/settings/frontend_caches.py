"""The caches and CDNs before the site, as the environment names them."""

from typing import Any

from cms.settings import env

BACKENDS = "treatments.delivery.caches."


def find_frontend_caches() -> dict[str, dict[str, Any]]:
    """Return ``WAGTAILFRONTENDCACHE``; half a login is kept, and found by a system check."""
    caches = {
        "fastly": {
            "BACKEND": f"{BACKENDS}FastlyBackend",
            "SERVICE_ID": env.text("FASTLY_SERVICE_ID"),
            "API_TOKEN": env.text("FASTLY_API_TOKEN"),
        },
        "cloudflare": {
            "BACKEND": f"{BACKENDS}CloudflareBackend",
            "ZONEID": env.text("CLOUDFLARE_ZONE_ID"),
            "BEARER_TOKEN": env.text("CLOUDFLARE_API_TOKEN"),
        },
        "varnish": {
            "BACKEND": f"{BACKENDS}VarnishBackend",
            "LOCATIONS": env.words("VARNISH_LOCATIONS"),
        },
    }
    return {
        name: params
        for name, params in caches.items()
        if any(value for key, value in params.items() if key != "BACKEND")
    }
