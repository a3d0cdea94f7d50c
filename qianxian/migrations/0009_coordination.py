"""Those above are asked and answer; a body above the district is asked through its liaison unit."""

import django.db.models.deletion
from django.db import migrations, models

WITHIN_REACH = """
ALTER TABLE qianxian_coordination ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_coordination FORCE ROW LEVEL SECURITY;
CREATE POLICY coordination_is_brought_with_its_matter ON qianxian_coordination FOR INSERT WITH CHECK (true);
CREATE POLICY coordination_within_reach ON qianxian_coordination FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_matter WHERE id = matter_id));
CREATE POLICY coordination_changes_within_reach ON qianxian_coordination FOR UPDATE
    USING (EXISTS (SELECT 1 FROM qianxian_matter WHERE id = matter_id));
CREATE TRIGGER changes_of_a_coordination_are_told AFTER INSERT OR UPDATE ON qianxian_coordination
    FOR EACH ROW EXECUTE FUNCTION qianxian_tell_of_part();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('qianxian', '0008_parts_are_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='Coordination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('upward', 'upward'), ('call', 'call'), ('liaison', 'liaison')], max_length=12)),
                ('reason', models.TextField()),
                ('wanted', models.CharField(max_length=500)),
                ('asked_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('next_alarm_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agreed', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('until', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='alarm',
            name='a_step_of_the_ladder_is_taken_once',
        ),
        migrations.AddField(
            model_name='organisation',
            name='liaison',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation'),
        ),
        migrations.AlterField(
            model_name='matter',
            name='ground',
            field=models.CharField(choices=[('article', 'article'), ('silent', 'silent'), ('contested', 'contested'), ('consultation', 'consultation'), ('ruling', 'ruling'), ('follow_up', 'follow_up'), ('liaison', 'liaison'), ('exit', 'exit')], max_length=12),
        ),
        migrations.AlterField(
            model_name='organisation',
            name='kind',
            field=models.CharField(choices=[('government', 'government'), ('centre', 'centre'), ('department', 'department'), ('street', 'street'), ('committee', 'committee'), ('enterprise', 'enterprise'), ('party', 'party'), ('mass', 'mass'), ('superior', 'superior')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='matter',
            constraint=models.CheckConstraint(condition=models.Q(('owner_kind', 'superior'), _negated=True), name='a_body_above_the_district_never_owns_a_matter'),
        ),
        migrations.AddField(
            model_name='coordination',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation'),
        ),
        migrations.AddField(
            model_name='coordination',
            name='asker',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation'),
        ),
        migrations.AddField(
            model_name='coordination',
            name='executor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation'),
        ),
        migrations.AddField(
            model_name='coordination',
            name='matter',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='coordinations', to='qianxian.matter'),
        ),
        migrations.AddField(
            model_name='coordination',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='qianxian.organisation'),
        ),
        migrations.AddField(
            model_name='alarm',
            name='coordination',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alarms', to='qianxian.coordination'),
        ),
        migrations.AddConstraint(
            model_name='alarm',
            constraint=models.UniqueConstraint(fields=('matter', 'step', 'coordination'), name='a_step_of_a_ladder_is_taken_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='coordination',
            index=models.Index(models.F('unit'), models.F('due_at'), models.F('id'), condition=models.Q(('answered_at', None)), name='answers_that_a_unit_owes'),
        ),
        migrations.AddIndex(
            model_name='coordination',
            index=models.Index(models.F('unit'), models.F('asked_at'), models.F('id'), condition=models.Q(('answered_at', None)), name='answers_owed_by_arrival'),
        ),
        migrations.AddIndex(
            model_name='coordination',
            index=models.Index(models.F('asker'), models.F('due_at'), models.F('id'), condition=models.Q(('answered_at', None)), name='answers_waited_for'),
        ),
        migrations.AddIndex(
            model_name='coordination',
            index=models.Index(models.F('asker'), models.F('asked_at'), models.F('id'), condition=models.Q(('answered_at', None)), name='answers_waited_for_by_arrival'),
        ),
        migrations.AddIndex(
            model_name='coordination',
            index=models.Index(models.F('next_alarm_at'), condition=models.Q(('next_alarm_at__isnull', False)), name='answers_to_call_for'),
        ),
        migrations.AddConstraint(
            model_name='coordination',
            constraint=models.UniqueConstraint(fields=('matter', 'unit'), name='a_unit_above_is_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='coordination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', True), _negated=True), models.Q(('executor__isnull', False), ('until__isnull', False)), _connector='OR'), name='a_decision_says_who_and_until_when'),
        ),
        migrations.RunSQL(WITHIN_REACH, migrations.RunSQL.noop),
    ]
