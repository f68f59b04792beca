"""Static files with hashed names, the imports inside ES modules among them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the import statements of the reader's modules, so that they find their hashed names."""

    support_js_module_import_aggregation = True
