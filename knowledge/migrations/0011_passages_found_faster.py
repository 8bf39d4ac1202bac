"""The configurations of an organization are stepped through, and many places are hashed instead of compared one by one."""

from django.db import migrations, models

#: Why it is the owner's function: see 0002. `places` are keys of media and of items of courses.
PASSAGES_SAYING = """
CREATE OR REPLACE FUNCTION knowledge_passages_saying(
    term tsquery, binding tsquery, config regconfig, places uuid[], most int
) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.knowledge_passage
    WHERE organization_id = nullif(current_setting('app.organization', true), '')::uuid
        AND search_config = config AND search_vector @@ term
        AND (numnode(binding) = 0 OR search_vector @@ binding) AND {in_places}
    LIMIT most
$$"""
ONE_BY_ONE = PASSAGES_SAYING.format(in_places="coalesce(media_id, item_id) = ANY(places)")
HASHED = PASSAGES_SAYING.format(in_places="(coalesce(media_id, item_id) IN (SELECT unnest(places))) IS TRUE")


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0010_conversations")]

    operations = [
        migrations.AddIndex(
            "passage", models.Index(fields=["organization", "search_config"], name="passage_configs")
        ),
        migrations.RunSQL(HASHED, ONE_BY_ONE),
    ]
