"""The webhooks in the admin: forms, buttons, hostile input, and lists that stay cheap."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.utils import timezone

from tests.webhooks.events import (
    create_endpoint,
    get_delivery,
    get_secret,
    publish,
    withdraw,
)
from treatments.signals import EventKind
from treatments.webhooks.models import (
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db

ENDPOINTS = "/admin/webhooks/endpoints/"
DELIVERIES = "/admin/reports/webhooks/deliveries/"
RECALLS = "/admin/reports/webhooks/recalls/"
HOSTILE = "<script>alert(1)</script>"


def build_form(**values):
    """Return what a browser sends for a new endpoint."""
    return {
        "name": "Hospital site",
        "url": "http://127.0.0.1:8001/hook",
        "is_active": "on",
        "event_kinds": ["published", "updated", "moved", "withdrawn"],
        **values,
    }


def test_an_administrator_registers_an_endpoint_and_sees_its_secret(admin_client):
    answer = admin_client.post(
        f"{ENDPOINTS}new/",
        build_form(locales=["es"], must_acknowledge="on"),
        follow=True,
    )
    endpoint = WebhookEndpoint.objects.get()
    assert answer.redirect_chain[-1][0] == f"{ENDPOINTS}inspect/{endpoint.pk}/"
    html = answer.content.decode()
    assert get_secret(endpoint) in html
    assert endpoint.public_id in html
    assert endpoint.locales == ["es"]
    assert endpoint.must_acknowledge
    assert "Nothing was sent to this endpoint yet." in html


def test_the_secret_stays_when_the_endpoint_is_changed(admin_client):
    endpoint = create_endpoint(gone_at=timezone.now(), is_active=False)
    secret = get_secret(endpoint)
    answer = admin_client.post(f"{ENDPOINTS}edit/{endpoint.pk}/", build_form())
    assert answer.status_code == 302
    endpoint.refresh_from_db()
    assert get_secret(endpoint) == secret
    assert endpoint.is_active
    assert endpoint.gone_at is None


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"url": "https://169.254.169.254/"}, "169.254.169.254 is an internal address"),
        ({"url": "http://example.org/"}, "must start with https://"),
        ({"url": "https://user:pass@example.org/"}, "user name or a password"),
        ({"url": "https://127.0.0.1:22/"}, "port must be 443, 80, or 1024"),
        ({"url": ""}, "This field is required"),
        ({"url": "https://127.0.0.1/" + "x" * 500}, "at most 500 characters"),
        ({"name": ""}, "This field is required"),
        ({"event_kinds": []}, "This field is required"),
        ({"event_kinds": ["exploded"]}, "is not one of the available choices"),
        ({"locales": ["xx"]}, "is not one of the available choices"),
        ({"conditions": [HOSTILE]}, "is not one of the available choices"),
        ({"event_kinds": ["published"], "must_acknowledge": "on"}, "has to hear of withdrawn articles"),
    ],
)  # fmt: skip
def test_the_form_says_what_is_wrong(admin_client, values, message):
    answer = admin_client.post(f"{ENDPOINTS}new/", build_form(**values))
    assert answer.status_code == 200
    assert message in answer.content.decode()
    assert not WebhookEndpoint.objects.exists()


def test_a_filter_whose_entry_is_gone_is_kept(admin_client):
    endpoint = create_endpoint(conditions=["asthma"])
    html = admin_client.get(f"{ENDPOINTS}edit/{endpoint.pk}/").content.decode()
    assert re.search(r'value="asthma"[^>]*checked', html)
    form = build_form(conditions=["asthma"])
    assert admin_client.post(f"{ENDPOINTS}edit/{endpoint.pk}/", form).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.conditions == ["asthma"]


def test_unknown_ids_are_not_found(admin_client):
    for url in (
        f"{ENDPOINTS}inspect/99/",
        f"{DELIVERIES}99/",
        f"{DELIVERIES}99999999999999999999/",
    ):
        assert admin_client.get(url, follow=True).status_code == 404
    for url in (
        f"{ENDPOINTS}rotate/99/",
        f"{ENDPOINTS}revoke/99/",
        f"{ENDPOINTS}test/99/",
        f"{ENDPOINTS}send-dead/99/",
        f"{DELIVERIES}99/send-again/",
    ):
        assert admin_client.post(url, follow=True).status_code == 404


def test_secrets_are_changed_by_buttons(admin_client):
    endpoint = create_endpoint()
    former = endpoint.secrets.get()
    answer = admin_client.post(f"{ENDPOINTS}rotate/{endpoint.pk}/", follow=True)
    html = answer.content.decode()
    assert "There is a new secret." in html
    assert former.value in html
    assert get_secret(endpoint) in html
    answer = admin_client.post(f"{ENDPOINTS}revoke/{former.pk}/", follow=True)
    assert "signs no more" in answer.content.decode()
    present = endpoint.secrets.get()
    answer = admin_client.post(f"{ENDPOINTS}revoke/{present.pk}/", follow=True)
    assert "The present secret cannot be revoked" in answer.content.decode()
    assert endpoint.secrets.get() == present
    history = admin_client.get(f"{ENDPOINTS}history/{endpoint.pk}/").content.decode()
    assert present.value not in history


def test_a_test_event_is_queued_and_arrives(admin_client, receiver):
    endpoint = create_endpoint(receiver.url)
    answer = admin_client.post(f"{ENDPOINTS}test/{endpoint.pk}/", follow=True)
    assert "The test event is queued" in answer.content.decode()
    assert receiver.received == []
    run_until_idle()
    (request,) = receiver.received
    assert request.verify(get_secret(endpoint))["type"] == "webhook.test"
    html = admin_client.get(DELIVERIES).content.decode()
    assert "Test" in html
    delivery = WebhookDelivery.objects.get()
    assert admin_client.get(f"{DELIVERIES}{delivery.pk}/").status_code == 200


def test_a_delivery_shows_payload_and_attempts_and_is_sent_again(
    admin_client, receiver
):
    create_endpoint(receiver.url)
    event = publish(title="Surgery & more")
    receiver.answer = lambda _request: (500, {}, HOSTILE.encode())
    run_until_idle()
    delivery = get_delivery(event)
    url = f"{DELIVERIES}{delivery.pk}/"
    html = admin_client.get(url).content.decode()
    assert HOSTILE not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "Surgery &amp; more" in html
    assert "The endpoint answered with an error" in html
    assert delivery.webhook_id in html
    assert "&quot;position&quot;" in html
    receiver.answer = lambda _request: (200, {}, b"")
    answer = admin_client.post(f"{url}send-again/", follow=True)
    assert "The delivery is queued again." in answer.content.decode()
    run_until_idle()
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.attempts.count() == 2


def test_all_that_was_given_up_is_sent_again(admin_client, receiver):
    endpoint, other = create_endpoint(receiver.url), create_endpoint(receiver.url)
    for page_id in range(3):
        publish(page_id=page_id)
    WebhookDelivery.objects.update(state=DeliveryState.DEAD, next_attempt_at=None)
    page = admin_client.get(f"{ENDPOINTS}inspect/{endpoint.pk}/").content.decode()
    assert "Send all 3 that were given up again" in page
    answer = admin_client.post(f"{ENDPOINTS}send-dead/{endpoint.pk}/", follow=True)
    assert "3 deliveries are queued again." in answer.content.decode()
    assert run_until_idle() == 3
    assert other.deliveries.filter(state=DeliveryState.DEAD).count() == 3


@pytest.mark.parametrize("button", ["test", "send-dead"])
def test_nothing_is_queued_for_an_inactive_endpoint(admin_client, button):
    endpoint = create_endpoint(is_active=False)
    answer = admin_client.post(f"{ENDPOINTS}{button}/{endpoint.pk}/", follow=True)
    assert "The endpoint is inactive: nothing is sent." in answer.content.decode()
    assert not WebhookDelivery.objects.exists()


def test_the_log_is_filtered_and_searched(admin_client):
    first, second = create_endpoint(name="First"), create_endpoint(name="Second")
    event = publish(page_id=1, title="Mastectomy")
    publish(EventKind.UPDATED, page_id=2, title="Radiation")
    first.deliveries.filter(position=event.position).update(state=DeliveryState.DEAD)

    def count(**query) -> int:
        html = admin_client.get(f"{DELIVERIES}results/", query).content.decode()
        return len(re.findall(rf'href="{DELIVERIES}\d+/"', html))

    assert count() == 4
    assert count(endpoint=second.pk) == 2
    assert count(state="dead") == 1
    assert count(event_type="article.updated") == 2
    assert count(q="mastect") == 2
    assert count(q=HOSTILE) == 0
    assert count(created_at_from="2000-01-01", created_at_to="2000-12-31") == 0
    for query in (
        {"endpoint": "x"},
        {"endpoint": "99999999999999999999"},
        {"state": HOSTILE},
        {"p": "x"},
        {"ordering": "body"},
        {"created_at_from": "never"},
    ):
        answer = admin_client.get(DELIVERIES, query)
        assert answer.status_code == 200, query
        assert HOSTILE not in answer.content.decode()


def test_hostile_names_are_escaped(admin_client):
    endpoint = create_endpoint(name=HOSTILE, must_acknowledge=True)
    publish(title=HOSTILE, path=f"/{HOSTILE}/")
    withdraw(path=f"/{HOSTILE}/", note=HOSTILE)
    delivery = WebhookDelivery.objects.latest("pk")
    for url in (
        ENDPOINTS,
        f"{ENDPOINTS}inspect/{endpoint.pk}/",
        DELIVERIES,
        f"{DELIVERIES}{delivery.pk}/",
        RECALLS,
    ):
        answer = admin_client.get(url)
        assert answer.status_code == 200
        assert HOSTILE not in answer.content.decode(), url


@pytest.mark.parametrize("url", [ENDPOINTS, DELIVERIES, RECALLS])
def test_lists_cost_the_same_whatever_their_length(
    admin_client, url, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def fill():
        endpoint = create_endpoint(must_acknowledge=True)
        for page_id in range(4):
            withdraw(page_id=endpoint.pk * 100 + page_id)

    fill()
    admin_client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert admin_client.get(url).status_code == 200
    for _ in range(3):
        fill()
    with django_assert_num_queries(len(captured)):
        assert admin_client.get(url).status_code == 200


def read_csv(answer):
    text = b"".join(answer.streaming_content).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_the_report_lists_who_has_not_acknowledged(admin_client, receiver):
    create_endpoint(name="Bystander")
    slow = create_endpoint(name="Slow", must_acknowledge=True)
    create_endpoint(receiver.url, name="Quick", must_acknowledge=True)
    create_endpoint(receiver.url + "/broken", name="Broken", must_acknowledge=True)
    slow.is_active = False
    slow.save()
    html = admin_client.get(RECALLS).content.decode()
    assert "Every endpoint that must acknowledge recalls has done so." in html
    receiver.answer = lambda request: (
        (500, {}, b"") if "broken" in request.path else (200, {}, b'{"acknowledged":true}')
    )  # fmt: skip
    withdraw(path="/en/old/")
    WebhookDelivery.objects.filter(endpoint__name="Bystander").delete()
    run_until_idle()
    rows = read_csv(admin_client.get(RECALLS, {"export": "csv"}))
    assert {row["Endpoint"] for row in rows} == {"Slow", "Broken"}
    states = {row["Endpoint"]: (row["State"], row["Last answer"]) for row in rows}
    assert states == {
        "Slow": ("Waiting", ""),
        "Broken": ("Failed, will be repeated", "500"),
    }
    assert rows[0]["Withdrawn"].startswith("2026-05-01")
    assert rows[0]["Path"] == "/en/old/"
    rows = read_csv(admin_client.get(RECALLS, {"export": "csv", "acknowledged": "yes"}))
    assert [row["Endpoint"] for row in rows] == ["Quick"]
    assert rows[0]["Acknowledged how"] == "in its answer"
    rows = read_csv(admin_client.get(RECALLS, {"export": "csv", "acknowledged": "all"}))
    assert len(rows) == 3
    assert "Slow" in admin_client.get(RECALLS).content.decode()


def test_the_log_is_exported(admin_client):
    create_endpoint(name="First")
    publish(title="Cirugía")
    (row,) = read_csv(admin_client.get(DELIVERIES, {"export": "csv"}))
    assert row["Title"] == "Cirugía"
    assert row["Endpoint"] == "First"
    assert row["State"] == "Waiting"
    assert "whsec_" not in str(row)


def test_empty_lists_say_how_they_fill(admin_client):
    html = admin_client.get(DELIVERIES).content.decode()
    assert "Nothing was sent yet." in html
    html = admin_client.get(DELIVERIES, {"state": "dead"}).content.decode()
    assert "No deliveries match these filters." in html
    assert admin_client.get(ENDPOINTS).status_code == 200


def test_the_menus_lead_to_them(admin_client):
    html = admin_client.get("/admin/").content.decode()
    for url in (ENDPOINTS, DELIVERIES, RECALLS):
        assert url in html


def test_an_endpoint_is_deleted_with_its_log(admin_client):
    endpoint = create_endpoint()
    publish()
    assert admin_client.get(f"{ENDPOINTS}delete/{endpoint.pk}/").status_code == 200
    admin_client.post(f"{ENDPOINTS}delete/{endpoint.pk}/")
    assert not WebhookDelivery.objects.exists()
    assert not WebhookSecret.objects.exists()
