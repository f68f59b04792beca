"""Sends drafts through workflows."""

from __future__ import annotations

from typing import Any

from wagtail.models import GroupApprovalTask, Workflow, WorkflowTask


def start_workflow(draft: Any, admin: Any) -> Any:
    task = GroupApprovalTask.objects.create(name="Others")
    workflow = Workflow.objects.create(name="One task")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return workflow.start(draft, admin)
