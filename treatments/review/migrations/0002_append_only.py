from django.db import migrations

#: SQLite rebuilds a table that gets another column, and drops its triggers: such a migration makes them anew.
TABLE = "treatments_review_decision"
#: A test's database is emptied with DELETE on SQLite, where a trigger cannot tell why: there, deletions are not refused.
#: On PostgreSQL it is emptied with TRUNCATE, which a session may do that says so, or where there is nothing to lose.
EMPTYING = "treatments.may_truncate"
CREATE = {
    "sqlite": [
        f"""
        CREATE TRIGGER {TABLE}_unchanged BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'A decision is never changed.'); END
        """,
        # INSERT OR REPLACE deletes the row before it adds another one, and no UPDATE takes place.
        f"""
        CREATE TRIGGER {TABLE}_unreplaced BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'A decision is never changed.'); END
        """,  # noqa: S608
    ],
    "postgresql": [
        f"""
        CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'A decision is never changed or deleted.' USING ERRCODE = 'restrict_violation'; END $$
        """,
        f"""
        CREATE TRIGGER {TABLE}_unchanged BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()
        """,
        f"""
        CREATE FUNCTION {TABLE}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF coalesce(current_setting('{EMPTYING}', true), '') <> 'on' AND EXISTS (SELECT 1 FROM {TABLE}) THEN
                RAISE EXCEPTION 'A decision is never changed or deleted.' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NULL;
        END $$
        """,  # noqa: S608
        f"""
        CREATE TRIGGER {TABLE}_kept BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_keep()
        """,
    ],
}
DROP = {
    "sqlite": [
        f"DROP TRIGGER IF EXISTS {TABLE}_unreplaced",
        f"DROP TRIGGER IF EXISTS {TABLE}_unchanged",
    ],
    "postgresql": [
        f"DROP TRIGGER IF EXISTS {TABLE}_kept ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_keep()",
        f"DROP TRIGGER IF EXISTS {TABLE}_unchanged ON {TABLE}",
        f"DROP FUNCTION IF EXISTS {TABLE}_refuse()",
    ],
}


def run(statements):
    def execute(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("treatments_review", "0001_reviews")]

    operations = [migrations.RunPython(run(CREATE), run(DROP))]
