from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Hashed and compressed; imports between our script modules are rewritten to the hashed names too."""

    support_js_module_import_aggregation = True
