from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import migrations, models

HELP = "After so many days the course closes to whoever used it. Empty: never."


class Migration(migrations.Migration):
    """A code counts whom it has let in by itself: enrollments may be renewed with another code."""

    dependencies = [("courses", "0006_outline_in_one_statement")]

    operations = [
        migrations.AddField(
            "enrollmentcode",
            "uses",
            models.PositiveIntegerField(default=0, editable=False, help_text="How many people it has let in."),
        ),
        migrations.AlterField(
            "enrollmentcode",
            "days_of_access",
            models.PositiveIntegerField(
                blank=True, help_text=HELP, null=True, validators=[MinValueValidator(1), MaxValueValidator(36_500)]
            ),
        ),
    ]
