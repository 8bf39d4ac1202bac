"""One row for a word with all its keys, where each key had a row of its own: an eighth of the rows to write.

And each word of a statement is read once, however often it is said: the texts are cut at blanks first, which costs
little, and only what is left of that, each once, is read as PostgreSQL reads words.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

WORDS_OF = """
INSERT INTO public.knowledge_spelling (id, organization_id, word, keys)
SELECT gen_random_uuid(), organization_id, word, ARRAY(
    SELECT word UNION SELECT overlay(word PLACING '' FROM n FOR 1) FROM generate_series(1, length(word)) AS n
) FROM (
    SELECT DISTINCT organization_id, word FROM (
        SELECT DISTINCT organization_id, piece FROM {passages}
        CROSS JOIN LATERAL string_to_table(public.knowledge_folded(text), ' ') AS piece
    ) AS pieces
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('simple', piece))) AS word
    WHERE length(word) BETWEEN 4 AND 20 AND word !~ '[[:digit:][:punct:]]'
) AS said
WHERE NOT EXISTS (
    SELECT FROM public.knowledge_spelling AS known
    WHERE known.organization_id = said.organization_id AND known.word = said.word
) ON CONFLICT (organization_id, word) DO NOTHING;"""
#: Without sequential scans: a plan made while the vocabulary was empty would read all of it for each word.
LEARN_WORDS = f"""
CREATE OR REPLACE FUNCTION knowledge_learn_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public SET enable_seqscan = off AS $$
BEGIN
    {WORDS_OF.format(passages="fresh")}
    RETURN NULL;
END $$"""

A_ROW_A_KEY = """
INSERT INTO public.knowledge_spelling (id, organization_id, word, key)
SELECT gen_random_uuid(), organization_id, word, key FROM (
    SELECT DISTINCT organization_id, word FROM {passages}
    CROSS JOIN LATERAL unnest(tsvector_to_array(to_tsvector('simple', public.knowledge_folded(text)))) AS word
    WHERE length(word) BETWEEN 4 AND 20 AND word !~ '[[:digit:][:punct:]]'
) AS said
CROSS JOIN LATERAL (
    SELECT word AS key UNION SELECT overlay(word PLACING '' FROM n FOR 1) FROM generate_series(1, length(word)) AS n
) AS keys
WHERE NOT EXISTS (
    SELECT FROM public.knowledge_spelling AS known
    WHERE known.organization_id = said.organization_id AND known.key = said.word AND known.word = said.word
);"""
LEARN_KEYS = f"""
CREATE OR REPLACE FUNCTION knowledge_learn_words() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    {A_ROW_A_KEY.format(passages="fresh")}
    RETURN NULL;
END $$"""

ALL_OF_THEM = "public.knowledge_passage"
FORGET = "TRUNCATE public.knowledge_spelling"


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0012_repetitions"),
    ]

    operations = [
        migrations.RunSQL("", A_ROW_A_KEY.format(passages=ALL_OF_THEM)),
        migrations.RunSQL(LEARN_WORDS, LEARN_KEYS),
        migrations.RunSQL(FORGET, ""),
        migrations.RemoveIndex(model_name="spelling", name="spelling_by_key"),
        migrations.AlterField("spelling", "key", models.CharField(max_length=20, default="")),
        migrations.RemoveField(model_name="spelling", name="key"),
        migrations.AddField(
            model_name="spelling",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "spelling", models.UniqueConstraint(fields=["organization", "word"], name="spelling_once")
        ),
        migrations.AddIndex(
            model_name="spelling",
            index=django.contrib.postgres.indexes.GinIndex(fields=["keys"], name="spelling_by_keys"),
        ),
        migrations.RunSQL("", FORGET),
        migrations.RunSQL(WORDS_OF.format(passages=ALL_OF_THEM), ""),
    ]
