"""What can change of all that an article contains: each function changes one thing."""

from __future__ import annotations

from django.core.files.base import ContentFile
from wagtail.actions.move_page import MovePageAction
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    PageViewRestriction,
    Site,
)

from snippets.models import Condition, Contributor, GlossaryTerm, Reference, Treatment
from tests import factories
from treatments.models import (
    PublisherSettings,
    TreatmentIndexPage,
    TreatmentPage,
    TreatmentPageContributor,
)


def rename_term(article, targets):
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.definition = "<p>Another definition.</p>"
    factories.publish(term)


def save_term(article, targets):
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.term = "saved past its revisions"
    term.save()


def unpublish_term(article, targets):
    GlossaryTerm.objects.get(pk=targets["term"]).unpublish()


def delete_term(article, targets):
    GlossaryTerm.objects.get(pk=targets["term"]).delete()


def change_term_image(article, targets):
    term = GlossaryTerm.objects.get(pk=targets["term"])
    term.image, term.image_alt = factories.create_image("Other"), "A drawing"
    factories.publish(term)


def retract_reference(article, targets):
    reference = Reference.objects.get(pk=targets["reference"])
    reference.status = Reference.Status.RETRACTED
    factories.publish(reference)


def rename_contributor(article, targets):
    contributor = Contributor.objects.get()
    contributor.name = "Another Author"
    factories.publish(contributor)


def rename_condition(article, targets):
    condition = Condition.objects.get()
    condition.name = "Another condition"
    condition.save()


def hide_treatment(article, targets):
    treatment = Treatment.objects.get()
    treatment.is_public = False
    treatment.save()


def crop_image(article, targets):
    image = type(article.hero_image).objects.get(pk=targets["image"])
    image.focal_point_x, image.focal_point_y = 10, 10
    image.focal_point_width = image.focal_point_height = 4
    image.save()


def replace_image_file(article, targets):
    image = type(article.hero_image).objects.get(pk=targets["image"])
    with image.file.open() as file:
        content = file.read()
    image.file = ContentFile(content, name="replaced.png")
    image.save()
    # As Wagtail's form does.
    image.renditions.all().delete()


def delete_image(article, targets):
    type(article.hero_image).objects.get(pk=targets["image"]).delete()


def make_image_private(article, targets):
    root = Collection.objects.get(depth=1)
    private = root.add_child(instance=Collection(name="Private"))
    image = type(article.hero_image).objects.get(pk=targets["image"])
    image.collection = private
    image.save()
    CollectionViewRestriction.objects.create(
        collection=private, restriction_type="login"
    )


def rename_linked_page(article, targets):
    page = TreatmentPage.objects.get(pk=targets["page"])
    page.title = "Another companion"
    factories.publish(page)


def move_linked_page(article, targets):
    page = TreatmentPage.objects.get(pk=targets["page"])
    page.slug = "elsewhere"
    factories.publish(page)


def unpublish_linked_page(article, targets):
    TreatmentPage.objects.get(pk=targets["page"]).unpublish()


def delete_linked_page(article, targets):
    TreatmentPage.objects.get(pk=targets["page"]).delete()


def hide_linked_page(article, targets):
    PageViewRestriction.objects.create(
        page_id=targets["page"], restriction_type="login"
    )


def rename_section(article, targets):
    index = TreatmentIndexPage.objects.get(slug="treatments")
    index.slug = "therapies"
    factories.publish(index)


def move_section(article, targets):
    index = TreatmentIndexPage.objects.get(slug="treatments")
    parent = index.get_parent().specific
    other = parent.add_child(
        instance=TreatmentIndexPage(
            title="Other", slug="other", locale=parent.locale, live=True
        )
    )
    MovePageAction(index, other, pos="last-child").execute(skip_permission_checks=True)


def edit_article(article, targets):
    article.summary = "Another summary"
    factories.publish(article)


def save_article(article, targets):
    article.summary = "Saved without a revision"
    article.save()


def add_condition(article, targets):
    condition = Condition.objects.create(
        name="Second condition", locale=factories.get_locale("en")
    )
    row = article.article_conditions.first()
    type(row).objects.create(page=article, condition=condition, sort_order=9)


def remove_contributor(article, targets):
    TreatmentPageContributor.objects.get(page=article).delete()


def add_promotion(article, targets):
    factories.create_promotion("A new notice", placement="sidebar")


def rename_site(article, targets):
    site = Site.objects.get()
    site.hostname = "guide.example.org"
    site.save()


def name_publisher(article, targets):
    settings = PublisherSettings.for_site(Site.objects.get())
    settings.organization = "Another publisher"
    settings.save()


#: Every function of this module.
CHANGES = [
    value
    for value in list(globals().values())
    if getattr(value, "__module__", None) == __name__
]
