"""A part of a matter that changes alone, such as an objection or an arrival, is told like the matter itself."""

from django.db import migrations

PARTS = ("objection", "extension", "plea", "whistle", "help", "supervision", "callback", "consultation")
TELL = """
CREATE FUNCTION qianxian_tell_of_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('qianxian', json_build_object(
        'matter', code, 'units', involved, 'place', place_id, 'stage', stage)::text)
        FROM qianxian_matter WHERE id = NEW.matter_id;
    RETURN NULL;
END $$;
CREATE FUNCTION qianxian_tell_of_arrival() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('qianxian', json_build_object(
        'matter', code, 'units', involved, 'place', place_id, 'stage', stage)::text)
        FROM qianxian_matter JOIN qianxian_whistle ON matter_id = qianxian_matter.id
        WHERE qianxian_whistle.id = NEW.whistle_id;
    RETURN NULL;
END $$;
CREATE TRIGGER changes_of_an_arrival_are_told AFTER UPDATE ON qianxian_arrival
    FOR EACH ROW EXECUTE FUNCTION qianxian_tell_of_arrival();
""" + "".join(
    f"""
CREATE TRIGGER changes_of_a_{part}_are_told AFTER INSERT OR UPDATE ON qianxian_{part}
    FOR EACH ROW EXECUTE FUNCTION qianxian_tell_of_part();
"""
    for part in PARTS
)


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0007_collection")]
    operations = [migrations.RunSQL(TELL, migrations.RunSQL.noop)]
