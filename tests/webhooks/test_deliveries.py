"""Events reach a real receiver: signed, in order, again after failures, and not after a rollback."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import WebhookVerificationError

from tests import factories
from tests.webhooks.events import (
    create_endpoint,
    get_delivery,
    get_secret,
    make_event,
    publish,
    withdraw,
)
from treatments.signals import EventKind, document_published
from treatments.webhooks import worker
from treatments.webhooks.deliveries import claim_next, finish, send_again
from treatments.webhooks.models import DeliveryState, WebhookAttempt, WebhookDelivery
from treatments.webhooks.pruning import prune_deliveries
from treatments.webhooks.rotation import list_secrets, revoke, rotate
from treatments.webhooks.sending import Outcome
from treatments.webhooks.signing import make_secret
from treatments.webhooks.worker import run_until_idle

pytestmark = pytest.mark.django_db


def make_due(**filters) -> None:
    """Let the time of the next attempt come, instead of waiting for it."""
    WebhookDelivery.objects.filter(**filters, next_attempt_at__isnull=False).update(
        next_attempt_at=timezone.now()
    )


def test_an_event_arrives_signed_and_complete(receiver):
    endpoint = create_endpoint(receiver.url)
    event = publish(page_id=12, title="Cirugía de mama", previous_path="")
    assert run_until_idle() == 1
    (request,) = receiver.received
    assert request.path == "/hook"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.verify(get_secret(endpoint)) == {
        "type": "article.published",
        "timestamp": "2026-05-01T10:00:00Z",
        "data": {
            "position": event.position,
            "page_id": 12,
            "translation_key": event.translation_key,
            "article_type": "treatments.TreatmentPage",
            "locale": "en",
            "path": "/en/treatments/article-12/",
            "previous_path": "",
            "title": "Cirugía de mama",
            "etag": '"abc"',
            "content_hash": "sha256-x",
            "reason": "",
            "note": "",
            "replacement_path": "",
            "facets": {"kind": ["procedure"], "audience": ["patient"]},
        },
    }
    delivery = get_delivery(event)
    assert request.webhook_id == delivery.webhook_id
    assert request.body.decode() == delivery.body
    assert delivery.state == DeliveryState.DELIVERED
    assert (delivery.attempt_count, delivery.last_status) == (1, 200)
    attempt = delivery.attempts.get()
    assert (attempt.status, attempt.answer, attempt.failure) == (200, "{}", "")
    assert attempt.duration_ms is not None
    assert run_until_idle() == 0


def test_a_consumer_with_another_secret_notices(receiver):
    create_endpoint(receiver.url)
    publish()
    run_until_idle()
    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verify(make_secret())


@pytest.mark.parametrize("kind", list(EventKind))
def test_each_kind_of_event_has_its_type(receiver, kind):
    create_endpoint(receiver.url)
    publish(kind)
    run_until_idle()
    assert receiver.received[0].payload["type"] == f"article.{kind}"


def test_a_new_secret_and_the_former_one_both_sign_until_the_former_ends(receiver):
    endpoint = create_endpoint(receiver.url)
    first = get_secret(endpoint)
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        second = rotate(endpoint).value
        publish()
        run_until_idle()
        request = receiver.received[-1]
        assert len(request.headers["webhook-signature"].split(" ")) == 2
        request.verify(first)
        request.verify(second)
        clock.shift(timedelta(hours=24, seconds=1))
        publish()
        run_until_idle()
        request = receiver.received[-1]
        request.verify(second)
        with pytest.raises(WebhookVerificationError):
            request.verify(first)


def test_a_former_secret_can_be_revoked_and_the_present_one_cannot():
    endpoint = create_endpoint()
    former = endpoint.secrets.get()
    present = rotate(endpoint)
    assert list_secrets(endpoint) == [present.value, former.value]
    former.refresh_from_db()
    assert revoke(former)
    assert not revoke(present)
    assert list_secrets(endpoint) == [present.value]


def test_the_overlap_is_a_setting(settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "WEBHOOK_SECRET_OVERLAP": 0}
    endpoint = create_endpoint()
    present = rotate(endpoint)
    assert list_secrets(endpoint) == [present.value]


def test_a_rollback_leaves_nothing(receiver):
    create_endpoint(receiver.url)
    with transaction.atomic():
        publish()
        assert WebhookDelivery.objects.exists()
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()
    assert run_until_idle() == 0


def test_publishing_calls_nobody(receiver, django_capture_on_commit_callbacks):
    create_endpoint(receiver.url)
    with django_capture_on_commit_callbacks(execute=True):
        publish()
    assert receiver.received == []


def test_with_a_real_task_backend_a_task_is_enqueued_on_commit(
    settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {
        "default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
    }
    from django_tasks import default_task_backend

    create_endpoint()
    with django_capture_on_commit_callbacks() as callbacks:
        publish()
    assert default_task_backend.results == []
    for callback in callbacks:
        callback()
    (result,) = default_task_backend.results
    assert result.task.module_path == "treatments.webhooks.tasks.deliver_due"


def test_the_task_delivers(receiver):
    from treatments.webhooks.tasks import deliver_due

    create_endpoint(receiver.url)
    publish()
    assert deliver_due.func() == 1
    assert len(receiver.received) == 1


def test_the_same_event_twice_makes_one_delivery(receiver):
    create_endpoint(receiver.url)
    event = make_event()
    document_published.send(sender=None, event=event)
    document_published.send(sender=None, event=event)
    run_until_idle()
    assert receiver.positions == [event.position]


@pytest.mark.parametrize(
    ("filters", "is_told"),
    [
        ({}, True),
        ({"locales": ["en"]}, True),
        ({"locales": ["es"]}, False),
        ({"kinds": ["procedure", "treatment"]}, True),
        ({"kinds": ["treatment"]}, False),
        ({"audiences": ["professional"]}, False),
        ({"conditions": ["breast-cancer"]}, True),
        ({"conditions": ["asthma"]}, False),
        ({"treatments": ["surgery"]}, True),
        ({"treatments": ["radiation"]}, False),
        ({"locales": ["en"], "conditions": ["asthma"]}, False),
        ({"event_kinds": ["withdrawn"]}, False),
        ({"is_active": False}, False),
    ],
)
def test_filters_decide_who_is_told(filters, is_told):
    create_endpoint(**filters)
    publish(
        facets={
            "kind": ["procedure"],
            "audience": ["patient"],
            "conditions": ["breast-cancer", "metastases"],
            "treatments": ["surgery"],
        }
    )
    assert WebhookDelivery.objects.exists() is is_told


def test_an_endpoint_that_was_told_of_an_article_hears_of_its_end():
    create_endpoint(conditions=["breast-cancer"])
    publish(facets={"conditions": ["breast-cancer"]})
    publish(page_id=8, facets={"conditions": ["asthma"]})
    withdraw(facets={"conditions": ["asthma"]})
    withdraw(page_id=8, facets={"conditions": ["asthma"]})
    assert list(
        WebhookDelivery.objects.order_by("position").values_list(
            "event_type", "page_id"
        )
    ) == [("article.published", 7), ("article.withdrawn", 7)]


def test_a_recall_is_kept_for_an_inactive_endpoint_that_must_acknowledge_it(receiver):
    endpoint = create_endpoint(receiver.url, is_active=False, must_acknowledge=True)
    publish()
    event = withdraw()
    assert run_until_idle() == 0
    endpoint.is_active = True
    endpoint.save()
    assert run_until_idle() == 1
    assert receiver.positions == [event.position]


def test_the_log_names_a_withdrawn_article(db):
    article = factories.create_article(factories.create_site().index, title="Surgery")
    create_endpoint()
    assert get_delivery(withdraw(page_id=article.pk)).title == "Surgery"
    assert get_delivery(withdraw(page_id=999_999)).title == ""
    assert len(get_delivery(publish(title="x" * 1000)).title) == 255


def test_publishing_costs_few_queries(django_assert_num_queries):
    for _ in range(5):
        create_endpoint()
    # Two of the webhooks, and one of the reviews, which hear of the same event.
    with django_assert_num_queries(3):
        publish()


def test_a_delivery_is_never_in_two_hands():
    create_endpoint()
    publish()
    claim = claim_next()
    assert claim is not None
    assert claim_next() is None
    assert claim.delivery.claimed_until > timezone.now()


def test_the_claim_of_a_killed_worker_ends(receiver):
    create_endpoint(receiver.url)
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        event = publish()
        lost = claim_next()
        assert lost is not None
        clock.shift(timedelta(seconds=60))
        assert run_until_idle() == 0
        clock.shift(timedelta(seconds=30))
        assert run_until_idle() == 1
        finish(lost, Outcome(status=500, duration_ms=1))
    delivery = get_delivery(event)
    assert delivery.state == DeliveryState.DELIVERED
    assert delivery.attempt_count == 2
    assert [each.status for each in delivery.attempts.all()] == [500, 200]


def test_410_disables_the_endpoint(receiver):
    endpoint = create_endpoint(receiver.url)
    event, later = publish(page_id=1), publish(page_id=2)
    receiver.answer = lambda _request: (410, {}, b"")
    assert run_until_idle() == 1
    endpoint.refresh_from_db()
    assert not endpoint.is_active
    assert endpoint.gone_at is not None
    assert get_delivery(event).state == DeliveryState.DEAD
    assert get_delivery(later).state == DeliveryState.WAITING
    publish()
    assert run_until_idle() == 0


def test_sending_again_keeps_id_and_history_and_starts_the_schedule_anew(receiver):
    create_endpoint(receiver.url)
    event = publish()
    run_until_idle()
    WebhookDelivery.objects.update(state=DeliveryState.DEAD, failure_count=10)
    assert send_again(WebhookDelivery.objects.all()) == 1
    receiver.answer = lambda _request: (500, {}, b"")
    run_until_idle()
    delivery = get_delivery(event)
    assert delivery.state == DeliveryState.RETRYING
    assert delivery.failure_count == 1
    assert delivery.attempt_count == delivery.attempts.count() == 2
    assert len({each.webhook_id for each in receiver.received}) == 1


def test_what_is_in_hand_is_not_sent_again():
    create_endpoint()
    publish()
    claim_next()
    assert send_again(WebhookDelivery.objects.all()) == 0


def test_a_defect_in_one_delivery_does_not_stop_the_others(
    receiver, monkeypatch, caplog
):
    create_endpoint(receiver.url)
    broken, fine = publish(page_id=1), publish(page_id=2)
    send = worker.send

    def fail_once(claim):
        if claim.delivery.position == broken.position:
            raise ZeroDivisionError
        return send(claim)

    monkeypatch.setattr(worker, "send", fail_once)
    with caplog.at_level(logging.ERROR):
        assert run_until_idle() == 2
    assert "could not be sent" in caplog.text
    assert receiver.positions == [fine.position]
    delivery = get_delivery(broken)
    assert (delivery.state, delivery.last_failure) == (DeliveryState.RETRYING, "defect")


def test_no_secret_is_in_the_log(receiver, caplog):
    endpoint = create_endpoint(receiver.url)
    publish()
    with caplog.at_level(logging.DEBUG):
        run_until_idle()
    assert "Webhook msg_" in caplog.text
    assert get_secret(endpoint) not in caplog.text


def test_old_deliveries_are_deleted_but_not_those_that_are_needed(settings):
    settings.TREATMENTS = {**settings.TREATMENTS, "WEBHOOK_RETENTION_DAYS": 30}
    create_endpoint(must_acknowledge=True)
    create_endpoint()
    with time_machine.travel("2026-05-01T10:00:00Z", tick=False) as clock:
        for page_id in (1, 1, 2):
            publish(page_id=page_id)
        recalled = withdraw(page_id=2)
        failed = publish(page_id=3)
        WebhookDelivery.objects.exclude(position=failed.position).update(
            state=DeliveryState.DELIVERED, delivered_at=timezone.now()
        )
        clock.shift(timedelta(days=29))
        assert prune_deliveries() == 0
        clock.shift(timedelta(days=2))
        # For each endpoint the older one of the first article and that before the recall; the recall
        # itself where nobody has to acknowledge it.
        assert prune_deliveries() == 5
        kept = WebhookDelivery.objects.filter(event_type="article.withdrawn").get()
        assert kept.needs_acknowledgement
        kept.acknowledged_at = timezone.now()
        kept.save()
        assert prune_deliveries() == 1
    assert not WebhookDelivery.objects.filter(position=recalled.position).exists()
    assert WebhookDelivery.objects.filter(position=failed.position).count() == 2
    assert WebhookDelivery.objects.filter(page_id=1).count() == 2
    assert WebhookAttempt.objects.count() == 0


def test_ids_look_as_the_api_expects_them():
    endpoint = create_endpoint()
    delivery = get_delivery(publish())
    assert re.fullmatch(r"ep_[0-9a-f]+", endpoint.public_id)
    assert re.fullmatch(r"msg_[0-9a-f]+", delivery.webhook_id)
