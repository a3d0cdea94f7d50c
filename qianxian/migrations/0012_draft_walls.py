"""Drafts are seen by the district that writes them, a second person approves, and an approved draft is never edited."""

from django.db import migrations

WALLS = """
ALTER TABLE qianxian_draft ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_draft FORCE ROW LEVEL SECURITY;
CREATE POLICY drafts_within_reach ON qianxian_draft
    USING (current_setting('qianxian.everything', true) = 'yes'
        OR (current_setting('qianxian.area', true) <> ''
            AND starts_with(area_id, current_setting('qianxian.area', true))));
ALTER TABLE qianxian_draftline ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_draftline FORCE ROW LEVEL SECURITY;
CREATE POLICY lines_within_reach ON qianxian_draftline
    USING (EXISTS (SELECT 1 FROM qianxian_draft WHERE id = draft_id));

CREATE FUNCTION qianxian_draft_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a draft that was approved or withdrawn is never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER approved_drafts_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_draft
    FOR EACH ROW WHEN (OLD.stage IN ('approved', 'withdrawn')) EXECUTE FUNCTION qianxian_draft_stays();
CREATE FUNCTION qianxian_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM qianxian_draft
        WHERE id = coalesce(NEW.draft_id, OLD.draft_id) AND stage <> 'drafting'
    ) THEN
        RAISE EXCEPTION 'lines change while a draft is being written only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER lines_change_while_a_draft_is_written BEFORE INSERT OR UPDATE OR DELETE ON qianxian_draftline
    FOR EACH ROW EXECUTE FUNCTION qianxian_lines_stay();
CREATE TRIGGER changes_of_crosswalk_are_counted AFTER INSERT OR UPDATE OR DELETE ON qianxian_crosswalk
    FOR EACH STATEMENT EXECUTE FUNCTION qianxian_count_revision('mandates');
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0011_drafts")]
    operations = [migrations.RunSQL(WALLS, migrations.RunSQL.noop)]
