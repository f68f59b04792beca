"""The groups of an editorial office, and what each may do.

Creating them again adds what is missing and takes nothing away: a permission that an administrator
added stays, and pages or collections are given only to a group that has none yet, so that a group
which was narrowed to a part of the tree is not widened again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Workflow,
    WorkflowTask,
)

from snippets.models import (
    Condition,
    Contributor,
    GlossaryTerm,
    Promotion,
    Reference,
    Treatment,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from wagtail.models import Task

EDITORS = "Treatment editors"
REVIEWERS = "Clinical reviewers"
TRANSLATORS = "Translators"
PUBLISHERS = "Publishers"

#: The workflow, and its first task.
WORKFLOW = "Clinical review"
#: Its second task.
PUBLICATION = "Publication"

DRAFT_MODELS = (GlossaryTerm, Reference, Contributor, Promotion)
VOCABULARIES = (Condition, Treatment)

WRITE = ("view", "add", "change")
PUBLISH = (*WRITE, "delete", "publish", "lock", "unlock")
READ = ("view",)

ADMIN_ACCESS = "wagtailadmin.access_admin"
#: Lets its holder hand a page to the translators. On its own wagtail-localize would also publish with
#: it; with ``treatments.translation`` the permissions on the page count for each step.
SUBMIT_TRANSLATION = "wagtail_localize.submit_translation"


@dataclass(frozen=True, slots=True)
class Role:
    """What a group may do.

    Attributes:
        pages: Actions on pages, for the whole tree.
        translated_pages: Actions on pages below the home pages of every language but the first.
        images: Actions on images and documents, in every collection.
        models: Model → actions.
        permissions: Further permissions, as ``app_label.codename``.
    """

    pages: tuple[str, ...] = ()
    translated_pages: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    models: dict[type[Model], tuple[str, ...]] = field(default_factory=dict)
    permissions: tuple[str, ...] = (ADMIN_ACCESS,)


def build_models(
    drafts: tuple[str, ...], vocabularies: tuple[str, ...]
) -> dict[type[Model], tuple[str, ...]]:
    """Return the actions for models with drafts and for those without."""
    return {
        **dict.fromkeys(DRAFT_MODELS, drafts),
        **dict.fromkeys(VOCABULARIES, vocabularies),
    }


#: Conditions and treatments have no drafts: to change one is to publish it.
ROLES: dict[str, Role] = {
    EDITORS: Role(
        pages=("add", "change"),
        images=("add", "choose"),
        models=build_models(WRITE, READ),
        permissions=(ADMIN_ACCESS, SUBMIT_TRANSLATION),
    ),
    REVIEWERS: Role(models=build_models(READ, READ)),
    TRANSLATORS: Role(
        translated_pages=("change",),
        images=("choose",),
        models={
            **build_models(READ, READ),
            GlossaryTerm: ("view", "change"),
            Contributor: ("view", "change"),
        },
    ),
    PUBLISHERS: Role(
        pages=("add", "change", "publish", "lock", "unlock"),
        images=("add", "change", "choose"),
        models=build_models(PUBLISH, (*WRITE, "delete")),
        permissions=(ADMIN_ACCESS, SUBMIT_TRANSLATION),
    ),
}


@transaction.atomic
def create_editorial_groups() -> list[str]:
    """Create the groups, their permissions and the review workflow, as far as they are missing.

    Returns one English sentence for each thing that was made; none when nothing was missing.
    """
    made: list[str] = []
    for name, role in ROLES.items():
        group, created = Group.objects.get_or_create(name=name)
        if created:
            made.append(f"Created the group “{name}”.")
        made += _add_permissions(group, role)
        made += _add_page_permissions(group, role)
        made += _add_collection_permissions(group, role)
    return made + _create_workflow()


def get_translated_roots() -> list[Page]:
    """Return the pages right below the root that are in another language than the first one."""
    root = Page.get_first_root_node()
    if root is None:
        return []
    return list(
        root.get_children().exclude(locale=Locale.get_default()).order_by("path")
    )


def _add_permissions(group: Group, role: Role) -> list[str]:
    wanted = []
    for name in role.permissions:
        app_label, codename = name.split(".")
        wanted += Permission.objects.filter(
            content_type__app_label=app_label, codename=codename
        )
    for model, actions in role.models.items():
        content_type = ContentType.objects.get_for_model(model)
        codenames = [f"{action}_{model._meta.model_name}" for action in actions]
        wanted += Permission.objects.filter(
            content_type=content_type, codename__in=codenames
        )
    present = set(group.permissions.values_list("pk", flat=True))
    missing = [permission for permission in wanted if permission.pk not in present]
    group.permissions.add(*missing)
    return [f"“{group.name}” may now: {permission.name}." for permission in missing]


def _add_page_permissions(group: Group, role: Role) -> list[str]:
    if GroupPagePermission.objects.filter(group=group).exists():
        return []
    root = Page.get_first_root_node()
    places = [(root, action) for action in role.pages if root is not None]
    places += [
        (page, action)
        for page in get_translated_roots()
        for action in role.translated_pages
    ]
    content_type = ContentType.objects.get_for_model(Page)
    made = []
    for page, action in places:
        permission = Permission.objects.get(
            content_type=content_type, codename=f"{action}_page"
        )
        GroupPagePermission.objects.create(
            group=group, page=page, permission=permission
        )
        made.append(f"“{group.name}” may now {action} pages below “{page.title}”.")
    return made


def _add_collection_permissions(group: Group, role: Role) -> list[str]:
    if GroupCollectionPermission.objects.filter(group=group).exists():
        return []
    root = Collection.get_first_root_node()
    made = []
    # Wagtail asks for the permissions of its own models, whatever a site has chosen instead.
    for model in (Image, Document):
        content_type = ContentType.objects.get_for_model(model)
        for action in role.images:
            permission = Permission.objects.get(
                content_type=content_type, codename=f"{action}_{model._meta.model_name}"
            )
            GroupCollectionPermission.objects.create(
                group=group, collection=root, permission=permission
            )
            made.append(
                f"“{group.name}” may now {action} {model._meta.verbose_name_plural}."
            )
    return made


_make_review_task: Callable[[str], Task] | None = None


def register_review_task(make: Callable[[str], Task]) -> None:
    """Say what makes the first task of the workflow from its name; without one, a group approves in it."""
    global _make_review_task
    _make_review_task = make


def _create_workflow() -> list[str]:
    """Create the review workflow, attached to nothing: which pages need it is the office's decision.

    Whoever takes the last step of a workflow publishes, and must be allowed to: clinical reviewers are not.
    """
    if Workflow.objects.filter(name=WORKFLOW).exists():
        return []
    workflow = Workflow.objects.create(name=WORKFLOW)
    make_review_task = _make_review_task or _get_group_task(REVIEWERS)
    tasks = (make_review_task(WORKFLOW), _get_group_task(PUBLISHERS)(PUBLICATION))
    for position, task in enumerate(tasks):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)
    made = (
        f"Created the workflow “{WORKFLOW}”: “{REVIEWERS}” approve, then “{PUBLISHERS}” publish. It is not in "
        "use yet: assign it to pages under Settings, Workflows."
    )
    if _make_review_task:
        made += " Only articles are reviewed; other pages and snippets go straight to the publishers."
        made += " Who the reviewers are is said under Settings, Reviewers: each is one of the contributors."
    return [made]


def _get_group_task(group_name: str) -> Callable[[str], Task]:
    """Return what makes a task, from its name, in which a group approves."""

    def make(name: str) -> Task:
        task = GroupApprovalTask.objects.filter(name=name).first()
        if task is None:
            task = GroupApprovalTask.objects.create(name=name)
            task.groups.add(Group.objects.get(name=group_name))
        return task

    return make
