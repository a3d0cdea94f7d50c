"""A submission is kept as it came, but what is sealed of it may be sealed anew under the newest key."""

from django.db import migrations

SEALED_ANEW = """
CREATE POLICY submissions_are_sealed_anew ON qianxian_submission FOR UPDATE
    USING (current_setting('qianxian.everything', true) = 'yes' AND current_setting('qianxian.resealing', true) = 'yes')
    WITH CHECK (true);
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0015_register_walls")]
    operations = [
        migrations.RunSQL(SEALED_ANEW, "DROP POLICY submissions_are_sealed_anew ON qianxian_submission"),
    ]
