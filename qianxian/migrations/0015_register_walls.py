"""What the database itself refuses of the register: changing what was said, and reading beyond one's area."""

from django.db import migrations

STATEMENTS_STAY = """
CREATE FUNCTION qianxian_statement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('qianxian.erasing', true) = 'yes' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'sealed' - 'record_id') = (to_jsonb(OLD) - 'sealed' - 'record_id') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what a source said is never changed: add a statement' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER statements_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_statement
    FOR EACH ROW EXECUTE FUNCTION qianxian_statement_stays();
"""

RECORDS_WITHIN_REACH = """
CREATE FUNCTION qianxian_within_area(place text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('qianxian.everything', true) = 'yes'
        OR (current_setting('qianxian.area', true) <> '' AND starts_with(place, current_setting('qianxian.area', true)))
$$;
CREATE FUNCTION qianxian_reaches_record(place text, record bigint) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT qianxian_within_area(place) OR (
        current_setting('qianxian.requester', true) <> ''
        AND EXISTS (SELECT 1 FROM qianxian_find
                    WHERE record_id = record AND index = current_setting('qianxian.requester', true)))
$$;
ALTER TABLE qianxian_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_record FORCE ROW LEVEL SECURITY;
CREATE POLICY records_are_entered_within_reach ON qianxian_record FOR INSERT
    WITH CHECK (qianxian_within_area(place_id));
CREATE POLICY records_within_reach ON qianxian_record FOR SELECT USING (qianxian_reaches_record(place_id, id));
CREATE POLICY records_change_within_reach ON qianxian_record FOR UPDATE
    USING (qianxian_within_area(place_id)) WITH CHECK (true);
CREATE POLICY records_are_erased_by_the_system ON qianxian_record FOR DELETE
    USING (current_setting('qianxian.everything', true) = 'yes');
"""

OF_A_RECORD = ("statement", "origin", "receipt", "correction", "tie")
PARTS_WITHIN_REACH = "".join(
    f"""
ALTER TABLE qianxian_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_comes_with_its_record ON qianxian_{table} FOR INSERT WITH CHECK (true);
CREATE POLICY {table}_within_reach ON qianxian_{table} FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_record WHERE id = record_id));
CREATE POLICY {table}_changes_within_reach ON qianxian_{table} FOR UPDATE
    USING (EXISTS (SELECT 1 FROM qianxian_record WHERE id = record_id)) WITH CHECK (true);
CREATE POLICY {table}_goes_with_its_record ON qianxian_{table} FOR DELETE
    USING (EXISTS (SELECT 1 FROM qianxian_record WHERE id = record_id));
"""
    for table in OF_A_RECORD
) + """
ALTER TABLE qianxian_link ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_link FORCE ROW LEVEL SECURITY;
CREATE POLICY links_are_found ON qianxian_link FOR INSERT WITH CHECK (true);
CREATE POLICY links_within_reach ON qianxian_link FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_record WHERE id = left_id)
        AND EXISTS (SELECT 1 FROM qianxian_record WHERE id = right_id));
CREATE POLICY links_are_decided_within_reach ON qianxian_link FOR UPDATE
    USING (EXISTS (SELECT 1 FROM qianxian_record WHERE id = left_id)
        AND EXISTS (SELECT 1 FROM qianxian_record WHERE id = right_id)) WITH CHECK (true);
CREATE POLICY links_that_nobody_decided_go ON qianxian_link FOR DELETE
    USING (current_setting('qianxian.everything', true) = 'yes');
ALTER TABLE qianxian_handout ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_handout FORCE ROW LEVEL SECURITY;
CREATE POLICY handouts_of_ones_area ON qianxian_handout
    USING (qianxian_within_area(area)) WITH CHECK (qianxian_within_area(area));
"""

FIRST_BOUNDS = """
INSERT INTO qianxian_bound (valid_from, upper, lower, source) VALUES
    ('2026-01-01 00:00:00+08', 0.99, 0.3, '本平台默认：公开数据上 0.99 以上几乎无误，0.3 以下几乎无同人；由区数据目录改定');
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0014_registered")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (STATEMENTS_STAY, RECORDS_WITHIN_REACH, PARTS_WITHIN_REACH, FIRST_BOUNDS)
    ]
