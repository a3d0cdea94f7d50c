"""Indexes from which every page of a desk begins, and the pairs of characters by which matters are found."""

from django.db import migrations, models
from django.db.models import Q

WORDS = """
CREATE TABLE qianxian_matter_words (matter_id bigint PRIMARY KEY, pairs text[] NOT NULL);
CREATE INDEX matters_by_words ON qianxian_matter_words USING gin (pairs) WITH (gin_pending_list_limit = 16384);
CREATE FUNCTION qianxian_pairs(words text, place text, involved text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT pair) FROM (
        SELECT one || next AS pair
        FROM (SELECT string_to_array(lower(left(words, 400)), NULL) AS letters) AS split,
            unnest(letters, letters[2:]) AS neighbours (one, next)
        WHERE one > ' ' AND next > ' '
        UNION ALL SELECT 'u:' || unit FROM unnest(involved) AS unit
        UNION ALL SELECT 'p:' || left(place, n) FROM unnest(ARRAY[6, 9, 12, 15]) AS n WHERE n <= length(place)
    ) AS all_pairs
$$;
CREATE FUNCTION qianxian_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO qianxian_matter_words
        SELECT id, qianxian_pairs(title || ' ' || words, place_id, involved) FROM fresh;
    RETURN NULL;
END $$;
CREATE TRIGGER words_of_matters_are_kept AFTER INSERT ON qianxian_matter
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION qianxian_keep_words();
CREATE FUNCTION qianxian_keep_involved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE qianxian_matter_words
        SET pairs = qianxian_pairs(NEW.title || ' ' || NEW.words, NEW.place_id, NEW.involved)
        WHERE matter_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER words_reach_who_is_involved AFTER UPDATE ON qianxian_matter
    FOR EACH ROW WHEN (OLD.involved IS DISTINCT FROM NEW.involved) EXECUTE FUNCTION qianxian_keep_involved();
SELECT set_config('qianxian.everything', 'yes', true);
INSERT INTO qianxian_matter_words
    SELECT id, qianxian_pairs(title || ' ' || words, place_id, involved) FROM qianxian_matter;
SELECT set_config('qianxian.everything', '', true);
"""

PARTS_OF_A_MATTER = (
    "requester", "help", "whistle", "extension", "pause", "objection", "ruling", "consultation", "supervision", "plea",
    "callback", "alarm", "attachment",
)
# A correlated value is looked up row by row. EXISTS would let the planner read every matter into a hash first:
# 200 ms at 100,000 matters for a page of 20 rows.
REACH_ROW_BY_ROW = "".join(
    f"""
ALTER POLICY {table}_within_reach ON qianxian_{table}
    USING ((SELECT true FROM qianxian_{above} AS above WHERE above.id = {key}));
ALTER POLICY {table}_changes_within_reach ON qianxian_{table}
    USING ((SELECT true FROM qianxian_{above} AS above WHERE above.id = {key}));
"""
    for table, above, key in (
        *((table, "matter", "matter_id") for table in PARTS_OF_A_MATTER), ("arrival", "whistle", "whistle_id"),
    )
)


def index(model, *fields, name, condition):
    return migrations.AddIndex(model, models.Index(*fields, name=name, condition=condition))


class Migration(migrations.Migration):
    dependencies = [("qianxian", "0004_revisions")]
    operations = [
        index("matter", "owner", "received_at", "id", name="desk_of_a_unit_by_arrival", condition=Q(stage__lt=40)),
        index(
            "matter", "owner_posting", "due_at", "id", name="desk_of_a_cadre",
            condition=Q(stage__lt=40, owner_posting__isnull=False),
        ),
        index(
            "matter", "due_at", "id", name="matters_to_settle",
            condition=Q(stage=20, ground__in=["silent", "contested"]),
        ),
        index(
            "matter", "received_at", "id", name="matters_to_settle_by_arrival",
            condition=Q(stage=20, ground__in=["silent", "contested"]),
        ),
        index("help", "unit", "asked_at", "id", name="help_owed_by_arrival", condition=Q(answered_at=None)),
        index("arrival", "unit", "required_at", "id", name="whistles_to_report_on", condition=Q(work="")),
        index("plea", "asked_at", "id", name="pleas_to_decide", condition=Q(decided_at=None)),
        index("objection", "due_at", "id", name="objections_to_settle", condition=Q(upheld=None)),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
        migrations.RunSQL(REACH_ROW_BY_ROW, migrations.RunSQL.noop),
    ]
