"""The passages of the organization in scope that match: as a function of the tables' owner, because `@@` is not leakproof.

Under a row-level security policy PostgreSQL may test what is not leakproof only on rows that the policy let through, so it
could not use the index on the words: each search would read every passage of the organization. In here no policy stands
before the index, and the function itself names the organization, which no caller can choose.
"""

from django.db import migrations

PASSAGES_SAYING = """
CREATE FUNCTION knowledge_passages_saying(term tsquery, required tsquery, config regconfig, media uuid[], most int)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.knowledge_passage
    WHERE organization_id = nullif(current_setting('app.organization', true), '')::uuid
        AND search_config = config AND search_vector @@ term AND search_vector @@ required AND media_id = ANY(media)
    LIMIT most
$$"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]

    operations = [
        migrations.RunSQL(
            PASSAGES_SAYING, "DROP FUNCTION knowledge_passages_saying(tsquery, tsquery, regconfig, uuid[], int)"
        )
    ]
