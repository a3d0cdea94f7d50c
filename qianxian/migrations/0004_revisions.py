"""A revision never comes twice, also where a transaction was undone: a number that was read in it must not mean another state."""

from django.db import migrations

NEVER_TWICE = """
CREATE SEQUENCE qianxian_revision_number;
CREATE OR REPLACE FUNCTION qianxian_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO qianxian_revision (name, number) VALUES (TG_ARGV[0], nextval('qianxian_revision_number'))
        ON CONFLICT (name) DO UPDATE SET number = EXCLUDED.number;
    RETURN NULL;
END $$;
SELECT setval('qianxian_revision_number', coalesce(max(number), 0) + 1) FROM qianxian_revision;
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0003_web")]
    operations = [migrations.RunSQL(NEVER_TWICE, migrations.RunSQL.noop)]
