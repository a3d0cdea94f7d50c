"""Ledgers, the editions of their definitions, cells signed by hand, frozen versions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('qianxian', '0020_form_walls'),
    ]

    operations = [
        migrations.AlterField(
            model_name='account',
            name='last_login',
            field=models.DateTimeField(blank=True, null=True, verbose_name='上次登录'),
        ),
        migrations.AlterField(
            model_name='account',
            name='password',
            field=models.CharField(max_length=128, verbose_name='密码'),
        ),
        migrations.CreateModel(
            name='Ledger',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=40, unique=True)),
                ('title', models.CharField(max_length=120)),
                ('line', models.CharField(max_length=40)),
                ('asked_by', models.CharField(max_length=80)),
                ('every', models.CharField(max_length=8)),
                ('stopped_at', models.DateTimeField(null=True)),
                ('stopped_why', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'ordering': ['line', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('stopped_at', None), models.Q(('stopped_why', ''), _negated=True), _connector='OR'), name='a_ledger_is_stopped_for_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Frozen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True)),
                ('edition', models.IntegerField()),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('period', models.CharField(max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('sealed', models.BinaryField()),
                ('rows', models.IntegerField()),
                ('actor', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('pull_hash', models.CharField(blank=True, db_collation='C', max_length=64)),
                ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen', to='qianxian.ledger')),
            ],
            options={
                'indexes': [models.Index(fields=['ledger', 'area', '-at'], name='frozen_of_an_area')],
            },
        ),
        migrations.CreateModel(
            name='LedgerEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.IntegerField()),
                ('written', models.TextField()),
                ('actor', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('note', models.CharField(blank=True, max_length=200)),
                ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='qianxian.ledger')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('ledger', 'number'), name='an_edition_has_one_number')],
            },
        ),
        migrations.CreateModel(
            name='SignedCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('area', models.CharField(db_collation='C', max_length=15)),
                ('period', models.CharField(max_length=8)),
                ('row', models.CharField(max_length=120)),
                ('column', models.CharField(max_length=120)),
                ('sealed', models.BinaryField()),
                ('actor', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('replaced_at', models.DateTimeField(null=True)),
                ('ledger', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signed', to='qianxian.ledger')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('ledger', 'area', 'period', 'row', 'column'), name='a_cell_is_signed_once_at_a_time')],
            },
        ),
    ]
