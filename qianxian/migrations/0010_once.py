"""Forms are taken once by their key. A column that nobody uses leaves the program now and the table with a later version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('qianxian', '0009_coordination'),
    ]

    operations = [
        # The version before this one still reads the column while it runs: it is dropped by a later migration.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name='account', name='locked_until')],
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('key', models.UUIDField(primary_key=True, serialize=False)),
                ('path', models.CharField(max_length=200)),
                ('filled_at', models.DateTimeField(null=True)),
                ('taken_at', models.DateTimeField()),
                ('location', models.CharField(blank=True, max_length=400)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(models.F('taken_at'), name='deliveries_to_forget')],
            },
        ),
    ]
