"""Who may see and do what with webhooks in the admin."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.webhooks.events import create_endpoint, get_delivery, publish, withdraw
from treatments.webhooks.models import WebhookSecret

pytestmark = pytest.mark.django_db

ENDPOINTS = "/admin/webhooks/endpoints/"
DELIVERIES = "/admin/reports/webhooks/deliveries/"
RECALLS = "/admin/reports/webhooks/recalls/"


@pytest.fixture
def login(client, django_user_model):
    """Return a client that is logged in with some permissions on the models."""

    def login(*codenames: str) -> Client:
        user = django_user_model.objects.create_user("somebody")
        user.user_permissions.add(
            *Permission.objects.filter(codename__in=["access_admin", *codenames])
        )
        client.force_login(user)
        return client

    return login


def list_views(endpoint, delivery):
    """Return every address: what it needs, and whether it is a button."""
    secret = endpoint.secrets.first()
    return [
        (ENDPOINTS, "view_webhookendpoint", False),
        (f"{ENDPOINTS}inspect/{endpoint.pk}/", "view_webhookendpoint", False),
        (f"{ENDPOINTS}new/", "add_webhookendpoint", False),
        (f"{ENDPOINTS}edit/{endpoint.pk}/", "change_webhookendpoint", False),
        (f"{ENDPOINTS}delete/{endpoint.pk}/", "delete_webhookendpoint", False),
        (f"{ENDPOINTS}history/{endpoint.pk}/", "change_webhookendpoint", False),
        (f"{ENDPOINTS}rotate/{endpoint.pk}/", "change_webhookendpoint", True),
        (f"{ENDPOINTS}revoke/{secret.pk}/", "change_webhookendpoint", True),
        (f"{ENDPOINTS}test/{endpoint.pk}/", "change_webhookendpoint", True),
        (f"{ENDPOINTS}send-dead/{endpoint.pk}/", "change_webhookdelivery", True),
        (DELIVERIES, "view_webhookdelivery", False),
        (f"{DELIVERIES}results/", "view_webhookdelivery", False),
        (f"{DELIVERIES}{delivery.pk}/", "view_webhookdelivery", False),
        (f"{DELIVERIES}{delivery.pk}/send-again/", "change_webhookdelivery", True),
        (RECALLS, "view_webhookdelivery", False),
        (f"{RECALLS}results/", "view_webhookdelivery", False),
    ]


def test_editors_see_nothing_of_it(login, client):
    endpoint = create_endpoint(must_acknowledge=True)
    delivery = get_delivery(withdraw())
    login("add_page", "change_condition")
    before = list(WebhookSecret.objects.values_list("pk", flat=True))
    for url, _codename, is_button in list_views(endpoint, delivery):
        answer = client.post(url) if is_button else client.get(url)
        assert answer.status_code == 302, url
        assert answer["Location"] == "/admin/", url
    assert list(WebhookSecret.objects.values_list("pk", flat=True)) == before
    menu = client.get("/admin/").content.decode()
    assert "/webhooks/" not in menu


def test_anonymous_visitors_are_led_to_the_login(client):
    endpoint = create_endpoint()
    for url, _codename, is_button in list_views(endpoint, get_delivery(publish())):
        answer = client.post(url) if is_button else client.get(url)
        assert answer["Location"].startswith("/admin/login/"), url


@pytest.mark.parametrize("number", range(16))
def test_each_view_needs_its_permission_and_no_other(login, client, number):
    endpoint = create_endpoint()
    url, codename, is_button = list_views(endpoint, get_delivery(publish()))[number]
    login(codename)
    answer = client.post(url) if is_button else client.get(url)
    assert answer.status_code == (302 if is_button else 200)
    assert answer.get("Location") != "/admin/"


def test_buttons_take_posts_with_a_token_only(admin_client, admin_user):
    endpoint = create_endpoint()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    for url, _codename, is_button in list_views(endpoint, get_delivery(publish())):
        if is_button:
            assert admin_client.get(url).status_code == 405
            assert strict.post(url).status_code == 403
    assert endpoint.secrets.count() == 1


def test_who_may_only_look_sees_no_secret(login):
    endpoint = create_endpoint()
    html = login("view_webhookendpoint").get(f"{ENDPOINTS}inspect/{endpoint.pk}/").content.decode()  # fmt: skip
    assert endpoint.name in html
    assert "whsec_" not in html
    assert "Make a new secret" not in html
    assert "Send a test event" not in html
