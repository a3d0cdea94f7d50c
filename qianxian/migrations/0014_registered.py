
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('qianxian', '0013_words'),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=120)),
                ('actor', models.CharField(max_length=64)),
                ('unit', models.CharField(blank=True, max_length=32)),
                ('entered_at', models.DateTimeField()),
                ('rows', models.IntegerField(default=0)),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='a_batch_comes_once_from_its_source')],
            },
        ),
        migrations.CreateModel(
            name='Bound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('valid_from', models.DateTimeField(unique=True)),
                ('upper', models.FloatField()),
                ('lower', models.FloatField()),
                ('source', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('lower__gt', 0), ('lower__lt', models.F('upper')), ('upper__lte', 1)), name='bounds_are_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Handout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=12, unique=True)),
                ('purpose', models.CharField(max_length=200)),
                ('wanted', models.JSONField()),
                ('area', models.CharField(max_length=15)),
                ('asked_by', models.CharField(max_length=64)),
                ('asked_name', models.CharField(max_length=80)),
                ('asked_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=64)),
                ('decided_name', models.CharField(blank=True, max_length=80)),
                ('decided_at', models.DateTimeField(null=True)),
                ('allowed', models.BooleanField(null=True)),
                ('rows', models.IntegerField(null=True)),
                ('fetched_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('asked_by', models.F('decided_by')), _negated=True), name='a_second_person_allows_an_export'), models.CheckConstraint(condition=models.Q(('fetched_at', None), ('allowed', True), _connector='OR'), name='only_what_was_allowed_is_handed_out')],
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(db_collation='C', max_length=12, unique=True)),
                ('entity', models.CharField(max_length=16)),
                ('name', models.CharField(blank=True, max_length=100)),
                ('spoken', models.CharField(blank=True, db_collation='C', max_length=160)),
                ('initials', models.CharField(blank=True, db_collation='C', max_length=40)),
                ('sex', models.CharField(blank=True, max_length=1)),
                ('born', models.DateField(null=True)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=list, size=None)),
                ('values', models.JSONField(default=dict)),
                ('sealed', models.BinaryField(null=True)),
                ('disputed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), default=list, size=None)),
                ('changed_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='records', to='qianxian.batch')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='qianxian.record')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='qianxian.place')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('benefit', 'benefit'), ('service', 'service')], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('on', models.DateField()),
                ('giver', models.CharField(blank=True, max_length=80)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('source', models.CharField(max_length=80)),
                ('actor', models.CharField(max_length=64)),
                ('entered_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Origin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('key', models.CharField(max_length=120)),
                ('print', models.CharField(max_length=64)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Link',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('probability', models.FloatField()),
                ('reasons', models.JSONField(default=list)),
                ('state', models.CharField(max_length=8)),
                ('at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=64)),
                ('decided_at', models.DateTimeField(null=True)),
                ('kept', models.JSONField(default=list)),
                ('left', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='qianxian.record')),
                ('right', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Find',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('index', models.CharField(db_collation='C', max_length=64)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='finds', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('element', models.CharField(max_length=60)),
                ('sealed', models.BinaryField()),
                ('reason', models.CharField(max_length=500)),
                ('asked_by', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.CharField(blank=True, max_length=64)),
                ('accepted', models.BooleanField(null=True)),
                ('reply', models.CharField(blank=True, max_length=500)),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.IntegerField()),
                ('column', models.CharField(max_length=120)),
                ('after', models.BigIntegerField(default=0)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('generation', 'column'), name='a_column_is_sealed_anew_once')],
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=80)),
                ('authority', models.CharField(blank=True, max_length=32)),
                ('since', models.DateTimeField()),
                ('known_at', models.DateTimeField()),
                ('values', models.JSONField(default=dict)),
                ('sealed', models.BinaryField(null=True)),
                ('actor', models.CharField(max_length=64)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='qianxian.batch')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('role', models.CharField(blank=True, max_length=4)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('source', models.CharField(max_length=80)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='qianxian.batch')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tied', to='qianxian.record')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='qianxian.record')),
            ],
        ),
        migrations.CreateModel(
            name='Keeping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=32)),
                ('valid_from', models.DateTimeField()),
                ('valid_to', models.DateTimeField(null=True)),
                ('area', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='qianxian.place')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='qianxian.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to', None)), fields=('authority', 'area'), name='an_area_has_one_authority_of_a_kind')],
            },
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['entity', 'place', 'id'], name='records_by_place'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['entity', 'spoken', 'id'], name='records_by_sound'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['entity', 'initials'], name='records_by_initials'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['entity', 'name'], name='records_by_name'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=django.contrib.postgres.indexes.GinIndex(fields=['groups'], name='records_by_group'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='a_record_is_not_merged_into_itself'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['record', '-on'], name='receipts_of_a_record'),
        ),
        migrations.AddConstraint(
            model_name='origin',
            constraint=models.UniqueConstraint(fields=('source', 'key'), name='a_source_knows_a_record_by_one_key'),
        ),
        migrations.AddIndex(
            model_name='link',
            index=models.Index(fields=['state', '-probability'], name='links_to_decide'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.UniqueConstraint(fields=('left', 'right'), name='two_records_are_compared_once'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('left__lt', models.F('right'))), name='a_pair_has_its_order'),
        ),
        migrations.AddConstraint(
            model_name='link',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'linked', 'apart'])), name='a_pair_waits_is_one_or_is_two'),
        ),
        migrations.AddIndex(
            model_name='find',
            index=models.Index(fields=['index'], name='records_by_blind_index'),
        ),
        migrations.AddConstraint(
            model_name='find',
            constraint=models.UniqueConstraint(fields=('record', 'index'), name='a_record_is_found_by_an_index_once'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(fields=['body', 'answered_at', 'due_at'], name='corrections_to_answer'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('accepted', None), ('answered_at', None)), models.Q(models.Q(('reply', ''), ('accepted', None), _connector='OR'), _negated=True), _connector='OR'), name='a_correction_is_answered_with_a_reply'),
        ),
        migrations.AddIndex(
            model_name='statement',
            index=models.Index(fields=['record', 'id'], name='statements_of_a_record'),
        ),
        migrations.AddIndex(
            model_name='tie',
            index=models.Index(fields=['record', 'kind'], name='ties_of_a_record'),
        ),
        migrations.AddIndex(
            model_name='tie',
            index=models.Index(fields=['other', 'kind'], name='ties_to_a_record'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('record', 'other', 'kind'), name='a_tie_is_there_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='a_tie_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='tie',
            constraint=models.CheckConstraint(condition=models.Q(('record', models.F('other')), _negated=True), name='nothing_is_tied_to_itself'),
        ),
    ]
