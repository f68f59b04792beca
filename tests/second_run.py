"""Says which test modules run a second time, on PostgreSQL and Redis.

A module does where what it tests can turn out otherwise on another server: it writes SQL, locks
rows, searches, caches, queues, commits, or hands values of strangers to the database. Each module,
or the folder in which all modules are alike, stands here under its reason; ``test_second_run.py``
names a module that nobody has classified, and one that is left out although it imports such code.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent

#: Reason → folders and modules, below ``tests``.
SECOND_RUN = {
    "sql": [
        "benchmarks/test_benchmarks.py",
        "delivery",
        "snippets/test_reference_identifiers.py",
        "treatments/translation_status",
        "treatments/test_admin_access.py",
        "treatments/test_admin_listing.py",
        "treatments/test_api_snippets.py",
        "treatments/test_anchors.py",
        "treatments/test_article_index.py",
        "treatments/test_article_index_relations.py",
        "treatments/test_article_index_upkeep.py",
        "treatments/test_articles_detail.py",
        "treatments/test_articles_filters.py",
        "treatments/test_articles_list.py",
        "treatments/test_articles_queries.py",
        "treatments/test_articles_sections.py",
        "treatments/test_copies.py",
        "treatments/test_redirects_to_hidden.py",
        "treatments/test_publication_cost.py",
        "treatments/test_queries.py",
        "treatments/uses",
        "treatments/hidden_choices",
        "treatments/test_incomplete_drafts.py",
    ],
    "lock": [
        "review",
        "preview",
        "treatments/test_answers_to_writes.py",
        "treatments/test_preconditions.py",
        "treatments/test_precondition_headers.py",
    ],
    "search": [
        "treatments/test_search.py",
        "treatments/test_search_words.py",
        "treatments/test_image_words.py",
        "treatments/test_rich_text_cases.py",
        "treatments/test_leaks.py",
        "treatments/test_articles_leaks.py",
        "treatments/test_api_pages.py",
    ],
    "cache": [
        "cms/test_servers.py",
        "cms/test_settings.py",
        "treatments/test_throttling.py",
    ],
    "queue": ["webhooks"],
    "commit": [
        "treatments/test_private_copies.py",
        "home/test_demo_removal.py",
        "treatments/test_translation.py",
        "treatments/test_translated_texts.py",
        "treatments/test_translation_governs.py",
        "treatments/test_translation_levels.py",
        "treatments/test_translation_links.py",
        "treatments/test_admin_groups.py",
    ],
    "values of strangers": [
        "contract/test_contract.py",
        "contract/test_round_trip.py",
        "contract/test_snapshots.py",
        "treatments/test_api_errors.py",
        "treatments/test_api_parameters.py",
        "treatments/test_api_writes.py",
        "treatments/test_hostile_requests.py",
        "treatments/hostile_writes",
        "treatments/test_lost_with_200.py",
        "treatments/test_rich_text_input.py",
    ],
}

#: What reads and writes through Django alone, or needs no database: the same on every server.
FIRST_RUN_ONLY = [
    "benchmarks",
    "browser",
    "cms",
    "contract/test_wagtail_cli.py",
    "delivery/test_block_differences.py",
    "delivery/test_diff_api.py",
    "delivery/test_differences.py",
    "delivery/test_word_differences.py",
    "docs",
    "home",
    "host_project",
    "preview/test_links_admin.py",
    "preview/test_live_preview.py",
    "review/test_contained_authors.py",
    "review/test_editorial.py",
    "review/test_files.py",
    "review/test_messages.py",
    "review/test_report.py",
    "review/test_ripple.py",
    "review/test_screens.py",
    "schema_org",
    "snippets",
    "test_databases.py",
    "test_reporting.py",
    "test_second_run.py",
    "test_selection.py",
    "test_shared.py",
    "treatments/test_admin_dashboard.py",
    "treatments/test_admin_previews.py",
    "treatments/test_admin_spanish.py",
    "treatments/test_api_of_a_host.py",
    "treatments/test_api_site.py",
    "treatments/test_article_fields.py",
    "treatments/test_articles_documented.py",
    "treatments/test_block_schema.py",
    "treatments/test_block_texts.py",
    "treatments/test_blocks.py",
    "treatments/test_conf.py",
    "treatments/test_content_hash.py",
    "treatments/test_fhir.py",
    "treatments/test_mail.py",
    "treatments/test_media.py",
    "treatments/test_middleware_checks.py",
    "treatments/test_openapi.py",
    "treatments/test_openapi_models.py",
    "treatments/test_openapi_reads.py",
    "treatments/test_openapi_requests.py",
    "treatments/test_markdown.py",
    "treatments/test_normal_form.py",
    "treatments/test_page_types.py",
    "treatments/test_rich_text_words.py",
    "treatments/test_retracted_references.py",
    "treatments/test_schema_org.py",
    "treatments/test_schema_org_content.py",
    "treatments/test_stream_input.py",
    "treatments/test_translation_admin.py",
    "treatments/test_unsafe_links.py",
    "types",
]

#: What makes a module of the product depend on the server.
DEPENDS_ON_SERVER = re.compile(
    r"\.cursor\(|\bRawSQL\b|\.raw\(|select_for_update|pg_advisory|connection\.(vendor|features)"
    r"|\bcaches?\[|\bcache\.(get|set|add|incr|delete)|\benqueue\(|\bSearchVector\b"
)


def list_test_modules() -> Iterator[str]:
    """Yield the paths of all test modules, below ``tests``."""
    tests = ROOT / "tests"
    for file in sorted(tests.rglob("test_*.py")):
        path = file.relative_to(tests).as_posix()
        # The tests of another project, which runs them itself.
        if not path.startswith("host_project/project/"):
            yield path


def find_longest(path: str, entries: list[str]) -> int:
    """Return the length of the longest entry that is the path or a folder above it, or 0."""
    return max(
        (len(each) for each in entries if path == each or path.startswith(f"{each}/")),
        default=0,
    )


def classify(path: str) -> bool | None:
    """Return whether a module runs a second time, or None where nobody has classified it.

    A module's own entry counts before that of its folder.
    """
    again = find_longest(
        path, [each for group in SECOND_RUN.values() for each in group]
    )
    once = find_longest(path, FIRST_RUN_ONLY)
    return None if again == once else again > once


def find_server_code(path: str) -> list[str]:
    """Return what of a test module depends on the server: itself, or modules of the product that it imports."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {
                node.module,
                *(f"{node.module}.{each.name}" for each in node.names),
            }
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    files = {
        name: ROOT / f"{name.replace('.', '/')}.py"
        for name in names
        if name.split(".")[0] in {"snippets", "treatments"}
    }
    files[path] = ROOT / "tests" / path
    return sorted(
        name
        for name, file in files.items()
        if file.exists() and DEPENDS_ON_SERVER.search(file.read_text(encoding="utf-8"))
    )
