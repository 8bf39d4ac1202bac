from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_ai_calls'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='aicall',
            index=models.Index(fields=['started_at'], name='ai_call_by_time'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('finished_at__isnull', False)), fields=['finished_at'], name='core_job_ended'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state', 'failed')), fields=['kind'], name='core_job_dead'),
        ),
    ]
