from django.db import migrations

#: SQLite rebuilds a table that gets another column, and drops its triggers: such a migration makes them anew.
TABLE = "treatments_review_decision"
#: A test's database is emptied with DELETE on SQLite and with TRUNCATE on PostgreSQL: hence deletions are refused on PostgreSQL only.
CREATE = {
    "sqlite": [
        f"""
        CREATE TRIGGER {TABLE}_unchanged BEFORE UPDATE ON {TABLE}
        BEGIN SELECT RAISE(ABORT, 'A decision is never changed.'); END
        """
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
    ],
}
DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS {TABLE}_unchanged"],
    "postgresql": [
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
