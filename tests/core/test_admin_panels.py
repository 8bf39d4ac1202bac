"""What floors show on each other's pages of the back office."""

from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.template.loader import select_template

from core.admin.base import _panels


@pytest.mark.parametrize("label", sorted(_panels))
def test_page_with_panels_prints_them(label):
    model = apps.get_model(label)
    opts, own = model._meta, admin.site.get_model_admin(model).change_form_template
    by_name = [f"admin/{opts.app_label}/{opts.model_name}/change_form.html", "admin/change_form.html"]

    template = select_template([own] if own else by_name)

    assert "panels" in Path(template.origin.name).read_text()
