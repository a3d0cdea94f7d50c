"""Several demands in one message are parted, and the theme of a month is declared; everybody may read a theme."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


THEMES_ARE_PUBLIC = """
ALTER TABLE qianxian_theme ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_theme FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_may_read_a_theme ON qianxian_theme FOR SELECT USING (true);
CREATE POLICY a_theme_is_declared_within_reach ON qianxian_theme FOR INSERT WITH CHECK (
    current_setting('qianxian.everything', true) = 'yes'
    OR (current_setting('qianxian.area', true) <> '' AND starts_with(area_id, current_setting('qianxian.area', true))));
CREATE POLICY a_theme_is_concluded_within_reach ON qianxian_theme FOR UPDATE USING (
    current_setting('qianxian.everything', true) = 'yes'
    OR lead_id = current_setting('qianxian.unit', true)
    OR (current_setting('qianxian.area', true) <> '' AND starts_with(area_id, current_setting('qianxian.area', true))));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('qianxian', '0012_draft_walls'),
    ]

    operations = [
        migrations.AddField(
            model_name='matter',
            name='part_of',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='qianxian.matter'),
        ),
        migrations.AddIndex(
            model_name='matter',
            index=models.Index(models.F('part_of'), condition=models.Q(('part_of__isnull', False)), name='parts_of_a_matter'),
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.CharField(max_length=7)),
                ('title', models.CharField(max_length=60)),
                ('problems', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ('due_on', models.DateField()),
                ('numbers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('declared_at', models.DateTimeField()),
                ('concluded_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True)),
                ('area', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.place')),
                ('lead', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation')),
                ('topic', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.topic')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('area', 'month'), name='a_month_has_one_theme'), models.CheckConstraint(condition=models.Q(('problems__len__gte', 2), ('problems__len__lte', 3)), name='a_theme_has_two_or_three_problems'), models.CheckConstraint(condition=models.Q(('concluded_at', None), models.Q(('outcome', ''), _negated=True), _connector='OR'), name='a_concluded_theme_says_what_came_of_it')],
            },
        ),
        migrations.RunSQL(THEMES_ARE_PUBLIC, migrations.RunSQL.noop),
    ]
