"""The words about images are found as long as readers get the images."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from tests import factories
from tests.treatments.listed_articles import read
from treatments.search.index.indexing import find_differences

pytestmark = pytest.mark.django_db

WORDS = ("Altword", "Captionword", "Creditword", "Heroword")


@pytest.fixture
def collection():
    return Collection.get_first_root_node().add_child(name="Pictures")


@pytest.fixture
def private():
    collection = Collection.get_first_root_node().add_child(name="Private")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="login"
    )
    return collection


@pytest.fixture
def image(site, collection):
    """An image in an article, with words about it."""
    image = factories.create_image(collection=collection)
    value = {
        "image": image.pk,
        "alt": "Altword",
        "caption": "Captionword",
        "credit": "Creditword",
    }
    section = {
        "heading": "Pictures",
        "content": [{"type": "figure", "value": value}],
    }
    factories.create_article(
        site.index,
        body=[{"type": "section", "value": section}],
        hero_image=image,
        hero_image_alt="Heroword",
    )
    return image


@pytest.fixture
def count(client):
    """Count the words that find an article."""

    def count():
        found = [word for word in WORDS if read(client, search=word)["count"]]
        assert find_differences() == {}
        return len(found)

    return count


def test_articles_finds_every_word_that_the_search_of_pages_finds(client, site):
    targets = factories.create_targets(site.index)
    page, sampler = factories.create_full_article(site.index, targets)
    missed = []
    for word in sampler.words:
        answer = client.get("/api/v2/pages/", {"search": word}).json()
        is_found = page.pk in [item["id"] for item in answer["items"]]
        if is_found and not read(client, search=word)["count"]:
            missed.append(word)
    assert missed == []


def test_the_words_about_an_image_are_found(image, count):
    assert count() == 4


def test_the_words_about_an_image_go_with_it_into_a_private_collection(
    image, private, count
):
    image.collection = private
    image.save()
    assert count() == 0
    image.collection = Collection.get_first_root_node()
    image.save()
    assert count() == 4


def test_the_words_about_images_follow_the_privacy_of_their_collection(
    image, collection, count
):
    restriction = CollectionViewRestriction.objects.create(
        collection=collection, restriction_type="login"
    )
    assert count() == 0
    restriction.delete()
    assert count() == 4


def test_the_words_about_images_follow_a_collection_that_is_moved(
    image, collection, private, count, admin_client, django_capture_on_commit_callbacks
):
    url = reverse("wagtailadmin_collections:edit", args=[collection.pk])
    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_client.post(url, {"name": "Pictures", "parent": private.pk})
    assert answer.status_code == 302
    assert count() == 0


def test_what_is_moved_together_into_a_private_collection_is_neither_shown_nor_found(
    image, private, count, admin_client, client
):
    url = reverse(
        "wagtail_bulk_action", args=["wagtailimages", "image", "add_to_collection"]
    )
    address = f"/api/v3/articles/{read(client)['items'][0]['id']}/"
    assert "Captionword" in client.get(address).content.decode()
    answer = admin_client.post(f"{url}?id={image.pk}", {"collection": private.pk})
    assert answer.status_code == 302
    assert count() == 0
    assert "Captionword" not in client.get(address).content.decode()


def test_the_words_about_a_deleted_image_are_not_found(image, count):
    image.delete()
    assert count() == 0
