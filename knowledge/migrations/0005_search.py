"""Words are found whether or not their accents are typed, and what is written is found as what is said.

A word with accents stands twice at its place: as its language reads it, and as it is read without them. `normalize`
takes letters apart: no extension is needed. Changing the words of every passage reads them all once.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

import knowledge.models.words

FOLDED = """
CREATE FUNCTION knowledge_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(said) = char_length(said) THEN said ELSE
    replace(replace(replace(replace(replace(translate(
        normalize(regexp_replace(normalize(said, NFD), U&'[\\0300-\\036F]', '', 'g'), NFC), 'øØłŁđĐı', 'oOlLdDi'
    ), 'ß', 'ss'), 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE') END"""
# Without accents a word of no content, such as même, would become one of content: it stays out.
ACCENTED_WORDS = """
CREATE FUNCTION knowledge_accented_words(config regconfig, said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT CASE WHEN bare = said THEN read ELSE (read::text || ' ' || ts_delete(bare_read, ARRAY(
        SELECT lexeme FROM unnest(bare_read)
        WHERE NOT positions && ARRAY(SELECT unnest(read_word.positions) FROM unnest(read) AS read_word)
    ))::text)::tsvector END
    FROM (SELECT to_tsvector(config, said) AS read, knowledge_folded(said) AS bare) AS once,
        LATERAL (SELECT to_tsvector(config, bare) AS bare_read) AS again
)"""
WORDS = """
CREATE FUNCTION knowledge_words(config regconfig, said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(said) = char_length(said) THEN to_tsvector(config, said)
    ELSE knowledge_accented_words(config, said) END"""
#: Why it is the owner's function: see 0002. `places` are keys of media and of items of courses.
PASSAGES_SAYING = """
CREATE FUNCTION knowledge_passages_saying(term tsquery, binding tsquery, config regconfig, places uuid[], most int)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id FROM public.knowledge_passage
    WHERE organization_id = nullif(current_setting('app.organization', true), '')::uuid
        AND search_config = config AND search_vector @@ term
        AND (numnode(binding) = 0 OR search_vector @@ binding) AND coalesce(media_id, item_id) = ANY(places)
    LIMIT most
$$"""
DROP_PASSAGES_SAYING = "DROP FUNCTION knowledge_passages_saying(tsquery, tsquery, regconfig, uuid[], int)"
OLD_PASSAGES_SAYING = PASSAGES_SAYING.replace("binding tsquery", "required tsquery").replace(
    "places uuid[]", "media uuid[]"
).replace(
    "(numnode(binding) = 0 OR search_vector @@ binding) AND coalesce(media_id, item_id) = ANY(places)",
    "search_vector @@ required AND media_id = ANY(media)",
)


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0004_search_model")]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION knowledge_folded(text)"),
        migrations.RunSQL(ACCENTED_WORDS, "DROP FUNCTION knowledge_accented_words(regconfig, text)"),
        migrations.RunSQL(WORDS, "DROP FUNCTION knowledge_words(regconfig, text)"),
        migrations.RemoveIndex("passage", "passage_words"),
        migrations.RemoveField("passage", "search_vector"),
        migrations.AddField(
            "passage",
            "search_vector",
            models.GeneratedField(
                expression=knowledge.models.words.Words(models.F("search_config"), models.F("text")),
                output_field=django.contrib.postgres.search.SearchVectorField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "passage", django.contrib.postgres.indexes.GinIndex(fields=["search_vector"], name="passage_words")
        ),
        migrations.RunSQL(DROP_PASSAGES_SAYING, OLD_PASSAGES_SAYING),
        migrations.RunSQL(PASSAGES_SAYING, DROP_PASSAGES_SAYING),
    ]
