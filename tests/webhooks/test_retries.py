"""What fails is sent again, in the order of each article, and holds nobody else back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.webhooks.events import create_endpoint, get_delivery, get_secret, publish
from tests.webhooks.receiver import OK
from treatments.signals import EventKind
from treatments.webhooks.models import DeliveryState, WebhookDelivery
from treatments.webhooks.retries import SCHEDULE, get_delay
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db


def make_due(**filters) -> None:
    """Let the time of the next attempt come, instead of waiting for it."""
    WebhookDelivery.objects.filter(**filters, next_attempt_at__isnull=False).update(
        next_attempt_at=timezone.now()
    )


def test_a_failure_is_repeated_with_the_same_id_and_a_new_timestamp(receiver):
    endpoint = create_endpoint(receiver.url)
    receiver.answer = lambda _request: (500, {}, b"out of order")
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        event = publish()
        assert run_until_idle() == 1
        delivery = get_delivery(event)
        assert delivery.state == DeliveryState.RETRYING
        wait = (delivery.next_attempt_at - timezone.now()).total_seconds()
        assert 5 <= wait <= 6
        assert run_until_idle() == 0
        receiver.answer = lambda _request: OK
        clock.shift(timedelta(seconds=7))
        assert run_until_idle() == 1
        first, second = receiver.received
        assert first.webhook_id == second.webhook_id
        assert first.body == second.body
        assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
        second.verify(get_secret(endpoint))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED
    assert [each.status for each in delivery.attempts.all()] == [500, 200]
    assert delivery.attempts.first().answer == "out of order"


def test_the_schedule_is_followed_to_its_end(receiver):
    create_endpoint(receiver.url)
    receiver.answer = lambda _request: (503, {}, b"")
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        event = publish()
        for seconds in SCHEDULE:
            assert run_until_idle() == 1
            delivery = get_delivery(event)
            wait = (delivery.next_attempt_at - timezone.now()).total_seconds()
            assert seconds <= wait <= seconds * 1.2
            clock.shift(timedelta(seconds=wait))
        assert run_until_idle() == 1
        delivery = get_delivery(event)
        assert delivery.state == DeliveryState.DEAD
        assert delivery.next_attempt_at is None
        clock.shift(timedelta(days=30))
        assert run_until_idle() == 0
    assert len(receiver.received) == len(SCHEDULE) + 1 == 10


def test_delays_are_those_recommended_and_differ():
    assert SCHEDULE == (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
    assert get_delay(10) is None
    delays = {get_delay(3) for _ in range(20)}
    assert len(delays) > 10


@pytest.mark.parametrize(
    ("value", "low", "high"),
    [
        ("120", 120, 120),
        ("1", 5, 6),
        ("99999999", 86400, 86400),
        ("-5", 5, 6),
        ("soon", 5, 6),
        ("Fri, 01 May 2026 10:10:00 GMT", 600, 600),
        ("Fri, 01 May 2026 09:00:00 GMT", 5, 6),
        ("Fri, 01 May 2026 10:10:00", 5, 6),
        ("9" * 5000, 5, 6),
    ],
)
def test_retry_after_is_honored_within_bounds(receiver, value, low, high):
    create_endpoint(receiver.url)
    receiver.answer = lambda _request: (429, {"Retry-After": value}, b"")
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False):
        event = publish()
        run_until_idle()
        wait = (get_delivery(event).next_attempt_at - timezone.now()).total_seconds()
    assert low <= wait <= high


def test_a_failing_delivery_holds_back_its_own_article_only(receiver):
    create_endpoint(receiver.url)
    first, _moved, other = publish(page_id=1), publish(page_id=1), publish(page_id=2)
    last = publish(EventKind.WITHDRAWN, page_id=1)
    receiver.answer = lambda request: (
        (500, {}, b"") if request.position == first.position else OK
    )
    run_until_idle()
    assert receiver.positions == [first.position, other.position]
    receiver.answer = lambda _request: OK
    receiver.received.clear()
    make_due()
    run_until_idle()
    assert receiver.positions == [first.position, _moved.position, last.position]


def test_another_endpoint_is_not_held_back(receiver):
    create_endpoint(receiver.url.replace("/hook", "/broken"))
    create_endpoint(receiver.url)
    first, second = publish(), publish()
    receiver.answer = lambda request: (500, {}, b"") if request.path == "/broken" else OK  # fmt: skip
    run_until_idle()
    good = [each.position for each in receiver.received if each.path == "/hook"]
    assert good == [first.position, second.position]


def test_what_is_given_up_holds_back_nothing(receiver):
    create_endpoint(receiver.url)
    first, second = publish(), publish()
    WebhookDelivery.objects.filter(position=first.position).update(
        state=DeliveryState.DEAD, next_attempt_at=None
    )
    run_until_idle()
    assert receiver.positions == [second.position]


def test_endpoints_take_turns(receiver):
    for name in ("a", "b"):
        create_endpoint(receiver.url.replace("/hook", f"/{name}"))
    for number in range(3):
        publish(page_id=number)
    run_until_idle()
    paths = [each.path for each in receiver.received]
    assert sorted(paths[:2]) == sorted(paths[2:4]) == ["/a", "/b"]


def test_positions_decide_and_not_the_order_of_the_rows(receiver):
    create_endpoint(receiver.url)
    publish(position=902)
    publish(position=901)
    run_until_idle()
    assert receiver.positions == [901, 902]
