"""The database itself refuses to change an event."""

from django.db import migrations

SQLITE = """
CREATE TRIGGER event_append_only BEFORE UPDATE ON conversations_event
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
"""
POSTGRES = """
CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'events are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER event_append_only BEFORE UPDATE ON conversations_event
FOR EACH ROW EXECUTE FUNCTION event_append_only();
"""


def add(apps, schema_editor):
    schema_editor.execute({"sqlite": SQLITE, "postgresql": POSTGRES}[schema_editor.connection.vendor])


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER event_append_only")
    else:
        schema_editor.execute("DROP TRIGGER event_append_only ON conversations_event")
        schema_editor.execute("DROP FUNCTION event_append_only()")


class Migration(migrations.Migration):
    dependencies = [("conversations", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
