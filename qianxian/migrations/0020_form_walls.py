"""What the database itself refuses of forms: reading beyond one's area, and changing what came."""

from django.db import migrations

WALLS = """
CREATE FUNCTION qianxian_reaches_form(form_area text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT qianxian_within_area(form_area)
        OR (current_setting('qianxian.area', true) <> '' AND starts_with(current_setting('qianxian.area', true), form_area))
$$;
ALTER TABLE qianxian_form ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_form FORCE ROW LEVEL SECURITY;
CREATE POLICY forms_are_opened_within_reach ON qianxian_form FOR INSERT WITH CHECK (qianxian_within_area(area_id));
CREATE POLICY forms_of_ones_area ON qianxian_form FOR SELECT USING (qianxian_reaches_form(area_id));
CREATE POLICY forms_change_within_reach ON qianxian_form FOR UPDATE USING (qianxian_within_area(area_id));
ALTER TABLE qianxian_formedition ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_formedition FORCE ROW LEVEL SECURITY;
CREATE POLICY editions_are_added ON qianxian_formedition FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM qianxian_form WHERE id = form_id AND qianxian_within_area(area_id)));
CREATE POLICY editions_of_ones_forms ON qianxian_formedition FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_form WHERE id = form_id));
ALTER TABLE qianxian_filled ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_filled FORCE ROW LEVEL SECURITY;
CREATE POLICY forms_are_filled_within_reach ON qianxian_filled FOR INSERT WITH CHECK (qianxian_within_area(place_id));
CREATE POLICY filled_within_reach ON qianxian_filled FOR SELECT USING (qianxian_within_area(place_id));
CREATE POLICY filled_are_settled_within_reach ON qianxian_filled FOR UPDATE USING (qianxian_within_area(place_id));
ALTER TABLE qianxian_filledfile ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_filledfile FORCE ROW LEVEL SECURITY;
CREATE POLICY files_come_with_a_filled_form ON qianxian_filledfile FOR INSERT
    WITH CHECK (EXISTS (SELECT 1 FROM qianxian_filled WHERE id = filled_id));
CREATE POLICY files_within_reach ON qianxian_filledfile FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_filled WHERE id = filled_id));
"""

WHAT_CAME_STAYS = """
CREATE FUNCTION qianxian_filled_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (to_jsonb(NEW) - 'sealed' - 'record_id' - 'conflicts' - 'settled_at' - 'settled_by')
        = (to_jsonb(OLD) - 'sealed' - 'record_id' - 'conflicts' - 'settled_at' - 'settled_by')
        AND (NEW.sealed = OLD.sealed OR current_setting('qianxian.resealing', true) = 'yes') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a filled form is kept as it came' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER filled_forms_are_kept_as_they_came BEFORE UPDATE ON qianxian_filled
    FOR EACH ROW EXECUTE FUNCTION qianxian_filled_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0019_forms")]
    operations = [migrations.RunSQL(statements, migrations.RunSQL.noop) for statements in (WALLS, WHAT_CAME_STAYS)]
