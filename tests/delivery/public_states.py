"""A site with one article in each state that a page can be in, and every exit that could show it.

What is to be seen of an article has a word in its title that no other article has.
"""

from __future__ import annotations

import uuid
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from snippets.models import Condition, Contributor
from tests import factories
from tests.delivery.versions import CRITERIA
from treatments.delivery.building import refresh_marked
from treatments.delivery.models import Document
from treatments.delivery.withdrawals import annotate_withdrawal
from treatments.models import (
    TreatmentIndexPage,
    TreatmentPageCondition,
    TreatmentPageContributor,
)

NOTE = "Ask your doctor about the newer treatment."
CODE = "D000001"


@dataclass
class Case:
    """An article in one state.

    Attributes:
        word: Stands in its title, its summary and its slug.
        path: Where the public last got it, or would.
        section, criteria: Ids of its blocks.
    """

    word: str
    pk: int = 0
    path: str = ""
    section: str = field(default_factory=lambda: str(uuid.uuid4()))
    criteria: str = field(default_factory=lambda: str(uuid.uuid4()))

    def build_body(self) -> list[dict[str, Any]]:
        """Return a section that may stand alone, with a criteria list."""
        criteria = deepcopy(CRITERIA) | {"id": self.criteria}
        heading = f"Section {self.word}"
        value = {"heading": heading, "standalone": True, "content": [criteria]}
        return [{"type": "section", "id": self.section, "value": value}]


@dataclass
class States:
    """The articles by the name of their state, and what they all use."""

    cases: dict[str, Case]
    home: int
    index: int
    term: int
    reference: int
    contributor: int
    redirects: dict[str, int]
    etags: dict[str, str]


class Builder:
    """Makes the articles. Each name of a state is a method."""

    def __init__(self) -> None:
        self.home = factories.create_site()
        self.locale = factories.get_locale()
        self.term = factories.create_term("sharedterm")
        self.reference = factories.create_reference("Sharedreference")
        self.contributor = Contributor.objects.create(
            name="Sharedcontributor", locale=self.locale
        )
        self.condition = Condition.objects.create(
            name="Sharedcondition", locale=self.locale, mesh_id=CODE
        )
        self.cases: dict[str, Case] = {}

    @property
    def index(self) -> TreatmentIndexPage:
        """The index, as it stands in the tree now."""
        return TreatmentIndexPage.objects.get(slug="treatments", locale=self.locale)

    def add_section(self, slug: str) -> Any:
        """Return a further index below the index, published."""
        page = TreatmentIndexPage(
            title=f"Hush {slug}", slug=slug, locale=self.locale, live=False
        )
        self.index.add_child(instance=page)
        return factories.publish(page)

    def add(self, name: str, parent: Any = None, *, live: bool = True) -> Any:
        """Return the article of a state, as it is before that state begins."""
        word = f"word{name.replace('_', '')}"
        case = self.cases[name] = Case(word)
        text = (
            f'<p>{word} <a linktype="glossary-term" id="{self.term.pk}">w</a>'
            f'<a linktype="citation" id="{self.reference.pk}">[1]</a></p>'
        )
        page = factories.create_article(
            Page.objects.get(pk=parent.pk).specific if parent else self.index,
            live=False,
            title=f"Title {word}",
            slug=word,
            summary=f"Summary {word}",
            intro=text,
            body=case.build_body(),
            show_in_menus=True,
        )
        page.article_conditions.add(TreatmentPageCondition(condition=self.condition))
        page.article_contributors.add(
            TreatmentPageContributor(contributor=self.contributor)
        )
        if live:
            factories.publish(page)
        else:
            page.save_revision()
        self.note(name, page)
        return page

    def note(self, name: str, page: Any) -> None:
        """Note where a page stands."""
        case = self.cases[name]
        path = page.url_path.removeprefix(self.home.url_path)
        case.pk, case.path = page.pk, f"/{page.locale.language_code}/{path}"

    def add_alias(self, name: str, of: Any, parent: Any, **kwargs) -> None:
        """Note an alias of an article."""
        word = f"word{name.replace('_', '')}"
        alias = of.create_alias(parent=parent, update_slug=word, **kwargs)
        self.cases[name] = Case(word)
        self.note(name, alias)

    def build(self) -> States:
        """Make everything, in the order in which it happens: what was public is read before it is hidden."""
        private_section = self.add_section("hushprivatesection")
        restrict(private_section)
        later_section = self.add_section("hushlatersection")
        draft_section = self.add_section("draftsection")
        other_section = self.add_section("other")
        pages = {name: self.add(name) for name in PUBLIC_FIRST}
        pages["below_private_later"] = self.add("below_private_later", later_section)
        pages["below_draft"] = self.add("below_draft", draft_section)
        self.add("below_private", private_section)
        self.add("draft", live=False)
        scheduled = self.add("scheduled", live=False)
        scheduled.go_live_at = timezone.now() + timedelta(days=1)
        scheduled.save_revision().publish()
        spanish = factories.get_locale("es")
        spanish_home = factories.publish(self.home.copy_for_translation(spanish))
        spanish_home.slug = "es-home"
        self.add_alias("alias", pages["source"], other_section)
        self.add_alias(
            "alias_other_language",
            pages["source"],
            spanish_home,
            update_locale=spanish,
            reset_translation_key=False,
        )
        self.add_alias("alias_of_withdrawn", pages["withdrawn"], other_section)
        self.add_alias("alias_of_private", pages["private"], other_section)
        draft = Page.objects.get(pk=self.cases["draft"].pk).specific
        self.add_alias("alias_of_draft", draft, other_section)
        refresh_marked()
        etags = {name: read_etag(page.pk) for name, page in pages.items()}
        self.hide(pages, later_section, draft_section, other_section)
        refresh_marked()
        annotate_withdrawal(
            pages["withdrawn"].pk,
            note=NOTE,
            replacement_path=self.cases["public"].path,
            user=get_user_model().objects.create_user("publisher"),
        )
        return States(
            self.cases,
            self.home.pk,
            self.index.pk,
            self.term.pk,
            self.reference.pk,
            self.contributor.pk,
            dict(Redirect.objects.values_list("old_path", "pk")),
            etags,
        )

    def hide(self, pages: dict[str, Any], later: Any, draft: Any, other: Any) -> None:
        """Let each state begin."""
        restrict(pages["private"])
        restrict(pages["password"], "password")
        restrict(pages["groups"], "groups")
        restrict(later)
        # Nobody hears of it, and the command has not run.
        past = timezone.now() - timedelta(minutes=1)
        Page.objects.filter(pk=pages["expired"].pk).update(expire_at=past)
        for name in ("withdrawn", "redirected", "withdrawn_and_private", "taken"):
            pages[name].unpublish()
        restrict(pages["withdrawn_and_private"])
        Page.objects.get(pk=pages["deleted"].pk).specific.delete()
        Page.objects.get(pk=draft.pk).specific.unpublish()
        Page.objects.get(pk=pages["moved"].pk).specific.move(other, "last-child")
        Page.objects.filter(pk=pages["taken"].pk).update(slug="elsewhere")
        taken = Page.objects.get(pk=pages["taken"].pk)
        taken.set_url_path(taken.get_parent())
        taken.save()
        successor = factories.create_article(
            self.index, title="Title wordsuccessor", slug="wordtaken"
        )
        refresh_marked()
        public = Page.objects.get(pk=pages["public"].pk)
        add_redirect(self.cases["redirected"].path, public)
        add_redirect(self.cases["private"].path, public)
        add_redirect("/old-address/", public)
        for name in ("draft", "private", "scheduled", "below_private"):
            # From a hidden place, and to one.
            add_redirect(f"{self.cases[name].path}old/", public)
            add_redirect(f"/to-{name}/", Page.objects.get(pk=self.cases[name].pk))
        assert successor.live


#: The articles that the public got at first.
PUBLIC_FIRST = (
    "public",
    "private",
    "password",
    "groups",
    "expired",
    "withdrawn",
    "redirected",
    "withdrawn_and_private",
    "deleted",
    "moved",
    "taken",
    "source",
)


def restrict(page: Any, kind: str = "login") -> None:
    """Make a page private."""
    PageViewRestriction.objects.create(
        page=page,
        restriction_type=kind,
        password="x" if kind == "password" else "",
    )


def add_redirect(path: str, page: Page) -> None:
    """Add a redirect as an editor types it."""
    Redirect.objects.create(old_path=Redirect.normalise_path(path), redirect_page=page)


def read_etag(page_id: int) -> str:
    """Return the entity tag of what the public gets of an article."""
    found = Document.objects.filter(pk=page_id).values_list("etag", flat=True)
    return next(iter(found), "")


def create_states() -> States:
    """Return the articles in all states."""
    return Builder().build()
