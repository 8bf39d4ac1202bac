"""The batches of a project, as rows of its form: names are looked at together, so that two can change theirs."""

from typing import Any

from core.admin.placed import PlacedForm, PlacedFormSet
from core.lines import one_line
from media_library.batches.batches import NAME_TAKEN, change_batch, rename_batches, save_batch
from media_library.models import UploadBatch


class BatchForm(PlacedForm):
    def _get_validation_exclusions(self) -> set[str]:
        """Whether a name is free only all rows together can tell."""
        return super()._get_validation_exclusions() | {"name"}


class BatchFormSet(PlacedFormSet):
    def clean(self) -> None:
        super().clean()
        taken = self._names_elsewhere()
        for form in sorted(self._named(), key=lambda one: "name" in one.changed_data):
            name = one_line(form.cleaned_data["name"])
            if name in taken:
                form.add_error("name", NAME_TAKEN)
            taken.add(name)

    def save(self, commit: bool = True) -> Any:
        renamed = [form for form in self.initial_forms if "name" in form.changed_data]
        if renamed:
            names = {form.instance.pk: form.cleaned_data["name"] for form in renamed}
            rename_batches(self.instance.pk, names, by=self.by)
        return super().save(commit)

    def write(self, row: UploadBatch) -> UploadBatch:
        return save_batch(row, by=self.by) if row._state.adding else change_batch(row, date=row.date, by=self.by)

    def _named(self) -> list[Any]:
        return [form for form in self.forms if form.cleaned_data.get("name")]

    def _names_elsewhere(self) -> set[str]:
        """Of batches that stand in no row of the form, such as those that were made meanwhile."""
        if self.instance._state.adding:
            return set()
        shown = [form.instance.pk for form in self.initial_forms]
        others = UploadBatch.objects.filter(project=self.instance).exclude(pk__in=shown)
        return set(others.values_list("name", flat=True))
