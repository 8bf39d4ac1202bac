import core.identifiers
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='TryWindow',
            fields=[
                ('id', models.UUIDField(default=core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(help_text='SHA-256 of door, account and address, in hex.', max_length=64, unique=True)),
                ('tries', models.PositiveIntegerField()),
                ('closes_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
