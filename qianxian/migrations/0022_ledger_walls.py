"""What the database itself refuses of ledgers: changing an edition or a frozen version, and reading beyond one's area."""

from django.db import migrations

EDITIONS_STAY = """
CREATE FUNCTION qianxian_ledger_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - 'sealed' - 'replaced_at') = (to_jsonb(OLD) - 'sealed' - 'replaced_at') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'what was kept of a ledger is never changed: add another' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER editions_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_ledgeredition
    FOR EACH ROW EXECUTE FUNCTION qianxian_ledger_stays();
CREATE TRIGGER frozen_ledgers_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_frozen
    FOR EACH ROW EXECUTE FUNCTION qianxian_ledger_stays();
CREATE TRIGGER signed_cells_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_signedcell
    FOR EACH ROW EXECUTE FUNCTION qianxian_ledger_stays();
"""

WITHIN_REACH = """
ALTER TABLE qianxian_signedcell ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_signedcell FORCE ROW LEVEL SECURITY;
CREATE POLICY signed_cells_of_ones_area ON qianxian_signedcell
    USING (qianxian_within_area(area)) WITH CHECK (qianxian_within_area(area));
ALTER TABLE qianxian_frozen ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_frozen FORCE ROW LEVEL SECURITY;
CREATE POLICY frozen_ledgers_are_kept_within_reach ON qianxian_frozen FOR INSERT WITH CHECK (qianxian_within_area(area));
CREATE POLICY frozen_ledgers_change_within_reach ON qianxian_frozen FOR UPDATE USING (qianxian_within_area(area));
CREATE POLICY frozen_ledgers_within_reach ON qianxian_frozen FOR SELECT USING (
    qianxian_within_area(area)
    OR (pull_hash <> '' AND pull_hash = current_setting('qianxian.code', true)));
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0021_ledgers")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop) for statements in (EDITIONS_STAY, WITHIN_REACH)
    ]
