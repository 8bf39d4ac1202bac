"""The words that can be meant by who mistypes: added by the database with each passage, whoever writes it.

As a trigger, because passages are written in several places and each would have to remember; it runs once for all rows of
a statement. No word is unique by a rule of the database: two that index at the same time wait for nobody.
"""

import core.constraints
import core.identifiers
import core.scope
import core.tenancy
import django.db.models.deletion
from django.db import migrations, models


WORDS_OF = """
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
LEARN_WORDS = f"""
CREATE FUNCTION knowledge_learn_words() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public AS $$
BEGIN
    {WORDS_OF.format(passages="fresh")}
    RETURN NULL;
END $$"""
ON_PASSAGES = """
CREATE TRIGGER knowledge_learn_words AFTER INSERT ON knowledge_passage
REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION knowledge_learn_words()"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_webhooks'),
        ("knowledge", "0006_drafts"),
    ]

    operations = [
        migrations.CreateModel(
            name='Spelling',
            fields=[
                ('id', models.UUIDField(default=core.identifiers.uuid7, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=20)),
                ('word', models.CharField(max_length=20)),
                ('organization', core.tenancy.OrganizationKey(db_index=False, default=core.scope.scoped_organization_id, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.organization')),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'key'], name='spelling_by_key')],
                'constraints': [core.constraints.TenantIdentity(fields=('organization', 'id'), name='knowledge_spelling_identity')],
            },
        ),
        migrations.RunSQL(WORDS_OF.format(passages="public.knowledge_passage"), ""),
        migrations.RunSQL(LEARN_WORDS, "DROP FUNCTION knowledge_learn_words()"),
        migrations.RunSQL(ON_PASSAGES, "DROP TRIGGER knowledge_learn_words ON knowledge_passage"),
    ]
