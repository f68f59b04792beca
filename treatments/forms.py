"""Kept under its documented name: see ``treatments.models.forms``."""

from treatments.models.forms import ArticleForm as ArticleForm
