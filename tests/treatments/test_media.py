"""Uploaded files by their addresses: what lies in a private collection is not to be had without rights."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from tests import factories
from treatments.api.http.media import build_media_urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def private():
    """Return a collection for a group only."""
    collection = Collection.get_first_root_node().add_child(name="Withdrawn pictures")
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.GROUPS
    )
    restriction.groups.add(Group.objects.create(name="Board"))
    return collection


@pytest.fixture(params=["original", "rendition"])
def get_address(request):
    """Return a function that gives the address of an image's file."""

    def get_address(image):
        if request.param == "original":
            return image.file.url
        return image.get_rendition("max-40x40|format-webp").url

    return get_address


@pytest.fixture
def ask(client):
    """Return a function that asks for a file and reads it."""

    def ask(address, method="get"):
        answer = getattr(client, method)(address)
        if answer.streaming:
            answer.whole = b"".join(answer.streaming_content)
        return answer

    return ask


@pytest.fixture
def log_in(client):
    def log_in(*, group=None, permission=None):
        user = get_user_model().objects.create_user("somebody")
        if group:
            user.groups.add(Group.objects.get(name=group))
        if permission:
            user.user_permissions.add(Permission.objects.get(codename=permission))
        client.force_login(user)

    return log_in


def test_a_file_of_a_public_collection_is_for_everybody(ask, get_address):
    answer = ask(get_address(factories.create_image("liver")))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("image/")
    assert answer["Cache-Control"].startswith("public, max-age=")
    assert "Cookie" not in answer.get("Vary", "")
    assert answer.whole


def test_a_file_of_a_private_collection_is_not_to_be_had(ask, private, get_address):
    address = get_address(factories.create_image("liver", collection=private))
    assert ask(address).status_code == 404
    assert ask(address, "head").status_code == 404


def test_a_file_below_a_private_collection_is_not_to_be_had(ask, private, get_address):
    below = private.add_child(name="Older ones")
    image = factories.create_image("liver", collection=below)
    assert ask(get_address(image)).status_code == 404


def test_a_file_goes_with_its_image_into_a_private_collection(
    ask, private, get_address
):
    image = factories.create_image("liver")
    address = get_address(image)
    assert ask(address).status_code == 200
    image.collection = private
    image.save()
    assert ask(address).status_code == 404


@pytest.mark.parametrize(
    ("rights", "status"),
    [
        ({}, 404),
        ({"group": "Board"}, 200),
        ({"permission": "access_admin"}, 200),
    ],
)
def test_who_may_see_a_private_file_sees_it_and_no_cache_keeps_it(
    ask, private, get_address, log_in, rights, status
):
    address = get_address(factories.create_image("liver", collection=private))
    log_in(**rights)
    answer = ask(address)
    assert answer.status_code == status
    if status == 200:
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("method", "status"), [(None, 404), ("serve_view", 404), ("direct", 200)]
)
def test_a_document_is_given_at_its_own_address_only(ask, settings, method, status):
    settings.WAGTAILDOCS_SERVE_METHOD = method
    document = get_document_model().objects.create(
        title="Leaflet", file=ContentFile(b"text", name="leaflet.txt")
    )
    assert ask(document.file.url).status_code == status


def test_a_private_document_is_not_to_be_had_by_its_file(ask, settings, private):
    settings.WAGTAILDOCS_SERVE_METHOD = "direct"
    document = get_document_model().objects.create(
        title="Leaflet", file=ContentFile(b"x", name="l.txt"), collection=private
    )
    assert ask(document.file.url).status_code == 404


@pytest.mark.parametrize(
    "path", ["left/behind.png", "../db.sqlite3", "%2e%2e/db.sqlite3", "x%00y", "a//b"]
)
def test_a_file_that_belongs_to_no_image_is_not_to_be_had(ask, path):
    default_storage.save("left/behind.png", ContentFile(b"png"))
    assert ask(f"/media/{path}").status_code == 404


def test_a_missing_file_is_not_found(ask):
    image = factories.create_image("liver")
    address = image.file.url
    image.file.storage.delete(image.file.name)
    assert ask(address).status_code == 404


def test_files_are_only_read(ask):
    assert ask("/media/original_images/liver.png", "post").status_code == 405


def test_the_web_server_in_front_can_send_the_file(ask, settings, private):
    settings.TREATMENTS = {"MEDIA_INTERNAL_URL": "/internal/"}
    public = factories.create_image("liver")
    answer = ask(public.file.url)
    assert answer.status_code == 200
    assert answer["X-Accel-Redirect"] == f"/internal/{public.file.name}"
    assert answer["Content-Type"] == "image/png"
    assert answer.content == b""
    hidden = factories.create_image("lungs", collection=private)
    assert "X-Accel-Redirect" not in ask(hidden.file.url)


def test_a_file_is_found_with_two_queries(ask, django_assert_num_queries):
    image = factories.create_image("liver")
    with django_assert_num_queries(2):
        ask(image.file.url)


@pytest.mark.parametrize("url", ["https://cdn.example/media/", "//cdn.example/", "/"])
def test_files_of_another_host_are_not_served_here(settings, url):
    settings.MEDIA_URL = url
    assert build_media_urlpatterns() == []


def test_the_pattern_takes_the_address_of_the_settings_literally(settings):
    settings.MEDIA_URL = "/up.loads/"
    pattern = build_media_urlpatterns()[0]
    found = pattern.resolve("up.loads/a.png")
    assert found
    assert found.kwargs == {"path": "a.png"}
    assert pattern.resolve("upXloads/a.png") is None
