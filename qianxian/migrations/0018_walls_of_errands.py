"""What the database refuses of errands, and who reaches which row."""

from django.db import migrations

ONLY_FORWARD = """
CREATE FUNCTION qianxian_errand_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage < OLD.stage THEN
        RAISE EXCEPTION 'a stage never falls: % after %', NEW.stage, OLD.stage USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stage IN (40, 50) AND OLD.stage < 30 THEN
        RAISE EXCEPTION 'a decision comes after the hearing' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.stage >= 50 AND NEW.stage <> OLD.stage THEN
        RAISE EXCEPTION 'what is over stays over' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.stage >= 20 AND (
        NEW.places <> OLD.places OR NEW.starts_on <> OLD.starts_on OR NEW.ends_on <> OLD.ends_on
        OR NEW.hours_month <> OLD.hours_month OR NEW.fields <> OLD.fields OR NEW.department_id <> OLD.department_id
    ) THEN
        RAISE EXCEPTION 'a filed request is not rewritten: withdraw it and file another'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER errands_only_go_forward BEFORE UPDATE ON qianxian_errand
    FOR EACH ROW EXECUTE FUNCTION qianxian_errand_only_forward();
CREATE FUNCTION qianxian_occasion_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state >= 20 AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'a meeting that is over stays over' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER occasions_only_go_forward BEFORE UPDATE ON qianxian_occasion
    FOR EACH ROW EXECUTE FUNCTION qianxian_occasion_only_forward();
"""

# A draft is its department's alone; what was filed is seen by whom it concerns; a decision is public.
REACH = """
CREATE FUNCTION qianxian_reaches_any(places text[], involved text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('qianxian.everything', true) = 'yes'
        OR (current_setting('qianxian.unit', true) = ANY (involved))
        OR (current_setting('qianxian.area', true) <> '' AND EXISTS (
            SELECT 1 FROM unnest(places) AS place WHERE starts_with(place, current_setting('qianxian.area', true))))
$$;
ALTER TABLE qianxian_errand ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_errand FORCE ROW LEVEL SECURITY;
CREATE POLICY departments_draft_their_own ON qianxian_errand FOR INSERT
    WITH CHECK (qianxian_reaches_any('{}', involved));
CREATE POLICY errands_within_reach ON qianxian_errand FOR SELECT USING (
    stage IN (40, 50, 70) OR qianxian_reaches_any(CASE WHEN stage = 10 THEN '{}' ELSE places END, involved));
CREATE POLICY deeds_to_errands_within_reach ON qianxian_errand FOR UPDATE
    USING (qianxian_reaches_any(CASE WHEN stage = 10 THEN '{}' ELSE places END, involved)) WITH CHECK (true);
ALTER TABLE qianxian_occasion ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_occasion FORCE ROW LEVEL SECURITY;
CREATE POLICY occasions_are_called_within_reach ON qianxian_occasion FOR INSERT WITH CHECK (true);
CREATE POLICY occasions_within_reach ON qianxian_occasion FOR SELECT USING (qianxian_reaches_any(places, involved));
CREATE POLICY occasions_change_within_reach ON qianxian_occasion FOR UPDATE
    USING (qianxian_reaches_any(places, involved)) WITH CHECK (true);
ALTER TABLE qianxian_asking ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_asking FORCE ROW LEVEL SECURITY;
CREATE POLICY askings_are_brought ON qianxian_asking FOR INSERT
    WITH CHECK (qianxian_reaches_any(ARRAY[place_id], ARRAY[committee_id, department_id]));
CREATE POLICY askings_within_reach ON qianxian_asking FOR SELECT
    USING (qianxian_reaches_any(ARRAY[place_id], ARRAY[committee_id, department_id, street_id]));
CREATE POLICY askings_change_within_reach ON qianxian_asking FOR UPDATE
    USING (qianxian_reaches_any(ARRAY[place_id], ARRAY[committee_id, department_id, street_id])) WITH CHECK (true);
ALTER TABLE qianxian_certificate ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_certificate FORCE ROW LEVEL SECURITY;
CREATE POLICY certificates_are_issued_by_their_committee ON qianxian_certificate FOR INSERT
    WITH CHECK (qianxian_reaches_any('{}', ARRAY[committee_id]));
CREATE POLICY certificates_within_reach ON qianxian_certificate FOR SELECT
    USING (qianxian_reaches_any('{}', ARRAY[committee_id]) OR token = current_setting('qianxian.code', true));
CREATE POLICY certificates_change_within_reach ON qianxian_certificate FOR UPDATE
    USING (qianxian_reaches_any('{}', ARRAY[committee_id])) WITH CHECK (true);
""" + "".join(
    f"""
ALTER TABLE qianxian_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_is_brought_with_its_{above} ON qianxian_{table} FOR INSERT WITH CHECK (true);
CREATE POLICY {table}_within_reach ON qianxian_{table} FOR SELECT
    USING ((SELECT true FROM qianxian_{above} AS above WHERE above.id = {above}_id));
CREATE POLICY {table}_changes_within_reach ON qianxian_{table} FOR UPDATE
    USING ((SELECT true FROM qianxian_{above} AS above WHERE above.id = {above}_id)) WITH CHECK (true);
"""
    for table, above in (
        ("entrance", "errand"), ("verdict", "errand"), ("refusal", "asking"), ("outcome", "occasion"),
    )
)


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0017_errands")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop) for statements in (ONLY_FORWARD, REACH)
    ]
