"""What the database itself refuses, whatever the program does."""

from django.db import migrations

JOURNAL_IS_APPEND_ONLY = """
CREATE FUNCTION qianxian_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append only: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER entries_are_never_changed BEFORE UPDATE OR DELETE ON qianxian_entry
    FOR EACH ROW EXECUTE FUNCTION qianxian_refuse();
CREATE TRIGGER entries_are_never_emptied BEFORE TRUNCATE ON qianxian_entry
    FOR EACH STATEMENT EXECUTE FUNCTION qianxian_refuse();
"""

STAGES_ONLY_GO_FORWARD = """
CREATE FUNCTION qianxian_only_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage < OLD.stage THEN
        RAISE EXCEPTION 'a stage never falls: % after %', NEW.stage, OLD.stage USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.dispatched_at IS NOT NULL AND NEW.dispatched_at IS DISTINCT FROM OLD.dispatched_at THEN
        RAISE EXCEPTION 'a clock never starts again' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.stage = 60 AND (NEW.owner_id <> OLD.owner_id OR NEW.due_at <> OLD.due_at) THEN
        RAISE EXCEPTION 'a closed matter keeps its owner and its deadline' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER matters_only_go_forward BEFORE UPDATE ON qianxian_matter
    FOR EACH ROW EXECUTE FUNCTION qianxian_only_forward();
ALTER TABLE qianxian_matter ADD CONSTRAINT the_kind_of_the_owner_is_true
    FOREIGN KEY (owner_id, owner_kind) REFERENCES qianxian_organisation (code, kind) DEFERRABLE INITIALLY DEFERRED;
CREATE SEQUENCE qianxian_matter_number INCREMENT 100 START 1;
"""

ONE_FINAL_PERSON = """
ALTER TABLE qianxian_posting ADD CONSTRAINT one_person_answers_for_a_place_finally
    EXCLUDE USING gist (
        int8range(('1' || scope_id)::bigint, ('1' || scope_id)::bigint, '[]') WITH &&,
        tstzrange(valid_from, valid_to) WITH &&
    ) WHERE (final);
"""

ARTICLES_IN_FORCE_STAY = """
CREATE FUNCTION qianxian_article_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an article of a published edition is never edited: publish a new edition'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER articles_are_never_edited BEFORE UPDATE OR DELETE ON qianxian_article
    FOR EACH ROW EXECUTE FUNCTION qianxian_article_stays();
CREATE FUNCTION qianxian_committee_assists() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.duty = 'lead' AND NEW.list_kind <> 'self_government' AND EXISTS (
        SELECT 1 FROM qianxian_organisation WHERE code = NEW.body_id AND kind = 'committee'
    ) THEN
        RAISE EXCEPTION 'a committee assists and never leads: article %', NEW.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER committees_only_assist BEFORE INSERT ON qianxian_article
    FOR EACH ROW EXECUTE FUNCTION qianxian_committee_assists();
"""

REVISIONS = {
    "register": ("organisation", "place"),
    "mandates": ("topic", "edition", "article"),
    "cadres": ("posting",),
    "calendar": ("calendarday",),
}
COUNT_REVISIONS = """
CREATE FUNCTION qianxian_count_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO qianxian_revision (name, number) VALUES (TG_ARGV[0], 1)
        ON CONFLICT (name) DO UPDATE SET number = qianxian_revision.number + 1;
    RETURN NULL;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER changes_of_{table}_are_counted AFTER INSERT OR UPDATE OR DELETE ON qianxian_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION qianxian_count_revision('{name}');
"""
    for name, tables in REVISIONS.items()
    for table in tables
)

PARTS_OF_A_MATTER = (
    "requester", "help", "whistle", "extension", "pause", "objection", "ruling", "consultation", "supervision", "plea",
    "callback", "alarm", "attachment",
)
ROWS_WITHIN_REACH = """
CREATE FUNCTION qianxian_reaches(place text, involved text[], code text, requester text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT current_setting('qianxian.everything', true) = 'yes'
        OR (current_setting('qianxian.area', true) <> '' AND starts_with(place, current_setting('qianxian.area', true)))
        OR (current_setting('qianxian.unit', true) = ANY (involved))
        OR (code = current_setting('qianxian.code', true))
        OR (requester <> '' AND requester = current_setting('qianxian.requester', true))
$$;
ALTER TABLE qianxian_matter ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_matter FORCE ROW LEVEL SECURITY;
CREATE POLICY anybody_may_bring_a_matter ON qianxian_matter FOR INSERT WITH CHECK (true);
CREATE POLICY matters_within_reach ON qianxian_matter FOR SELECT
    USING (qianxian_reaches(place_id, involved, code, requester_index));
CREATE POLICY deeds_within_reach ON qianxian_matter FOR UPDATE
    USING (qianxian_reaches(place_id, involved, code, requester_index)) WITH CHECK (true);
""" + "".join(
    f"""
ALTER TABLE qianxian_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY {table}_is_brought_with_its_matter ON qianxian_{table} FOR INSERT WITH CHECK (true);
CREATE POLICY {table}_within_reach ON qianxian_{table} FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_matter WHERE id = matter_id));
CREATE POLICY {table}_changes_within_reach ON qianxian_{table} FOR UPDATE
    USING (EXISTS (SELECT 1 FROM qianxian_matter WHERE id = matter_id));
"""
    for table in PARTS_OF_A_MATTER
) + """
ALTER TABLE qianxian_arrival ENABLE ROW LEVEL SECURITY;
ALTER TABLE qianxian_arrival FORCE ROW LEVEL SECURITY;
CREATE POLICY arrival_is_brought_with_its_whistle ON qianxian_arrival FOR INSERT WITH CHECK (true);
CREATE POLICY arrival_within_reach ON qianxian_arrival FOR SELECT
    USING (EXISTS (SELECT 1 FROM qianxian_whistle WHERE id = whistle_id));
CREATE POLICY arrival_changes_within_reach ON qianxian_arrival FOR UPDATE
    USING (EXISTS (SELECT 1 FROM qianxian_whistle WHERE id = whistle_id));
"""

TWINS = """
CREATE FUNCTION qianxian_twins(prints text[], requesters text[])
RETURNS TABLE (id bigint, code text, fingerprint text, requester text)
LANGUAGE plpgsql AS $$
DECLARE
    before text := coalesce(current_setting('qianxian.everything', true), '');
BEGIN
    PERFORM set_config('qianxian.everything', 'yes', false);
    RETURN QUERY
        SELECT DISTINCT ON (asked.p, asked.r) m.id, m.code::text, asked.p, asked.r
        FROM unnest(prints, requesters) AS asked (p, r)
        JOIN qianxian_matter m
            ON m.requester_index = asked.r AND m.fingerprint = asked.p AND m.merged_into_id IS NULL
        ORDER BY asked.p, asked.r, m.id;
    PERFORM set_config('qianxian.everything', before, false);
END $$;
"""

TELL_WHO_LISTENS = """
CREATE FUNCTION qianxian_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('qianxian', json_build_object(
        'matter', NEW.code, 'units', NEW.involved, 'place', NEW.place_id, 'stage', NEW.stage)::text);
    RETURN NULL;
END $$;
CREATE TRIGGER changes_of_a_matter_are_told AFTER INSERT OR UPDATE ON qianxian_matter
    FOR EACH ROW EXECUTE FUNCTION qianxian_tell();
"""


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0001_first")]
    operations = [
        migrations.RunSQL(statements, migrations.RunSQL.noop)
        for statements in (
            JOURNAL_IS_APPEND_ONLY,
            STAGES_ONLY_GO_FORWARD,
            ONE_FINAL_PERSON,
            ARTICLES_IN_FORCE_STAY,
            COUNT_REVISIONS,
            ROWS_WITHIN_REACH,
            TWINS,
            TELL_WHO_LISTENS,
        )
    ]
