"""The raw SQL of search, all of it.

Every statement names the organization and reads media through `visible` and items of courses through `readable`, the
scoped queries of what the person may see. A passage is of one or the other: its `place` is the key of that.
Which query and which ranking: measured on 1,500 questions, any word of the question with `ts_rank` normalisation 1
finds far more than all words together; with vectors, both lists are fused by reciprocal rank with a small k.
"""

#: The question as PostgreSQL reads it, in each configuration of `configs`. Words stand in their spellings, with and
#: without accents, each with the number of the word that was typed; the last one may be the beginning of a word.
ASKED = """
terms AS MATERIALIZED (
    SELECT config, n, string_agg(nullif(replace(reading::text, ' & ', ' | '), ''), ' | ')::tsquery AS term
    FROM configs CROSS JOIN unnest(%(spellings)s::text[], %(numbers)s::int[]) AS typed (word, n)
    CROSS JOIN LATERAL (
        SELECT plainto_tsquery(config, word) AS reading
        UNION ALL SELECT (quote_literal(nullif(%(begun)s, '')) || ':*')::tsquery WHERE lower(word) = %(begun)s
    ) AS readings GROUP BY config, n
),
asked AS MATERIALIZED (
    SELECT config, words, phrases || words AS wanted, phrases && exclusions AS binding,
        CASE WHEN numnode(phrases) > 0 THEN phrases ELSE in_order END AS exact, numnode(phrases) > 0 AS is_phrase
    FROM (
        SELECT config, coalesce((
                SELECT string_agg(term::text, ' | ' ORDER BY n)::tsquery FROM terms WHERE terms.config = configs.config
            ), '') AS words,
            websearch_to_tsquery(config, %(phrases)s) || websearch_to_tsquery(config, %(bare_phrases)s) AS phrases,
            phraseto_tsquery(config, %(words)s) || phraseto_tsquery(config, %(bare_words)s) AS in_order,
            websearch_to_tsquery(config, %(exclusions)s) && websearch_to_tsquery(config, %(bare_exclusions)s)
                AS exclusions
        FROM configs
    ) AS parsed
)"""

# Which configurations there are is asked by stepping from one to the next in their index; of the whole organization, so
# that it costs the same for any scope.
# Where words are common, ranking every match is what costs. So each word brings a bounded number of candidates: a rare
# word always brings all of its passages.
BY_WORDS = """
visible AS MATERIALIZED ({visible}), readable AS MATERIALIZED ({readable}),
configs AS MATERIALIZED (
    WITH RECURSIVE known AS (
        SELECT min(search_config::oid) AS config FROM knowledge_passage WHERE organization_id = %(organization)s
        UNION ALL SELECT (
            SELECT min(search_config::oid) FROM knowledge_passage
            WHERE organization_id = %(organization)s AND search_config::oid > known.config
        ) FROM known WHERE known.config IS NOT NULL
    )
    SELECT config::regconfig AS config FROM known WHERE config IS NOT NULL
), {asked},
candidates AS MATERIALIZED (
    SELECT looked_up.n, found.id FROM (
        SELECT config, n, term FROM terms JOIN asked USING (config) WHERE NOT is_phrase AND numnode(term) > 0
        UNION ALL SELECT config, 0, exact FROM asked WHERE is_phrase
    ) AS looked_up JOIN asked USING (config)
    CROSS JOIN (SELECT array_agg(id) AS places FROM (TABLE visible UNION ALL TABLE readable) AS places) AS seen
    CROSS JOIN LATERAL knowledge_passages_saying(
        looked_up.term, asked.binding, asked.config, seen.places, %(bound)s
    ) AS found (id)
),
by_words AS (
    SELECT passage.id,
        row_number() OVER (ORDER BY ts_rank(passage.search_vector, asked.wanted, 1) DESC, passage.id) AS place
    FROM (SELECT DISTINCT id FROM candidates) AS candidate
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = candidate.id
    JOIN asked ON asked.config = passage.search_config{spoken}
    ORDER BY place LIMIT %(best)s
)"""

# The scope is compared as a whole: the distances are sorted outside of the materialised part, where no index can tempt
# the planner into an approximate answer.
NEAR = """
near AS MATERIALIZED (
    SELECT passage.id, embedding.vector <=> %(vector)s::halfvec(1536) AS distance FROM ({allowed}) AS passage
    JOIN knowledge_embedding AS embedding ON embedding.organization_id = %(organization)s
        AND embedding.passage_id = passage.id AND embedding.model = %(model)s
)"""
# The graph is searched in order of distance until enough of what it meets is allowed. Each passage that is met is
# looked up alone, for all that are allowed may be very many; `IS TRUE` keeps the planner from turning that into a
# join, which would lose the order.
NEAR_BY_GRAPH = """
near AS MATERIALIZED (
    SELECT embedding.passage_id AS id, embedding.vector <=> %(vector)s::halfvec(1536) AS distance
    FROM knowledge_embedding AS embedding
    WHERE embedding.organization_id = %(organization)s AND embedding.model = %(model)s
        AND (
            SELECT (passage.media_id IN (SELECT id FROM visible) OR passage.item_id IN (SELECT id FROM readable)){binds}
            FROM knowledge_passage AS passage{join}
            WHERE passage.organization_id = %(organization)s AND passage.id = embedding.passage_id
        ) IS TRUE
    ORDER BY embedding.vector <=> %(vector)s::halfvec(1536) LIMIT %(best)s
)"""
IN_PLACES = """
SELECT {columns} FROM knowledge_passage AS passage{join}
WHERE passage.organization_id = %(organization)s AND passage.media_id IN ({visible}){condition}
UNION ALL
SELECT {columns} FROM knowledge_passage AS passage{join}
WHERE passage.organization_id = %(organization)s AND passage.item_id IN ({readable}){condition}"""
JOIN_ASKED = " LEFT JOIN asked ON asked.config = passage.search_config"
BINDS = " AND (coalesce(numnode(asked.binding), 0) = 0 OR passage.search_vector @@ asked.binding)"
SPOKEN_BY = """ AND EXISTS (
    SELECT FROM media_library_cue AS cue
    WHERE cue.organization_id = %(organization)s AND cue.transcript_id = passage.transcript_id
        AND cue.position >= passage.first_cue AND cue.position < passage.end_cue AND cue.speaker = %(speaker)s
)"""

BY_MEANING = """
by_meaning AS (
    SELECT id, row_number() OVER (ORDER BY distance + 0, id) AS place FROM near ORDER BY place LIMIT %(best)s
)"""

# Beside each passage stand the numbers of the words that anything says at all; a word without content counts as said.
_FUSED = """
SELECT id, score, item_id, ARRAY(
    SELECT n FROM candidates UNION SELECT n FROM terms WHERE numnode(coalesce(term, '')) = 0
) AS said, {neighbors} AS neighbors FROM (
    SELECT passage.id, passage.item_id, fused.score, row_number() OVER (
        PARTITION BY coalesce(passage.media_id, passage.item_id) ORDER BY fused.score DESC, passage.id
    ) AS nth
    FROM (SELECT id, sum(weight / (%(k)s + place)) AS score FROM ({places}) AS places GROUP BY id) AS fused
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = fused.id
) AS ranked
WHERE nth <= %(a_place)s ORDER BY score DESC, id LIMIT %(limit)s"""

_BY_WORDS_ALONE = "SELECT id, place, 1.0 AS weight FROM by_words"
WORDS_ALONE = _FUSED.format(neighbors="0", places=_BY_WORDS_ALONE)
FUSED_BOTH = _FUSED.format(
    neighbors="(SELECT count(*) FROM near)",
    places=f"{_BY_WORDS_ALONE} UNION ALL SELECT id, place, %(meaning_weight)s FROM by_meaning",  # noqa: S608  (constants)
)

UNTIL_ENOUGH = """
SET LOCAL hnsw.iterative_scan = relaxed_order; SET LOCAL enable_sort = off; SET LOCAL hnsw.ef_search = {neighbors}"""
HOW_MANY = "SELECT count(*) FROM (SELECT 1 FROM ({allowed}) AS passage LIMIT %(bound)s + 1) AS passages"

# Best is a cue that says it letter by letter, then one with the same words in the same order. That may run from one cue
# into the next: it then belongs to the cue in which it begins. Others are ranked without regard to their length: else
# “What?” would beat a sentence that says more of the question. Parsing cues is what costs: it is done for passages
# that say anything of the question; of those found by their meaning alone it is the first cue.
CUES = """
WITH hits AS MATERIALIZED (
    SELECT passage.id, passage.media_id, passage.transcript_id, passage.first_cue, passage.end_cue,
        passage.search_config AS config, hit.score, passage.search_vector AS whole
    FROM unnest(%(ids)s::uuid[], %(scores)s::float8[]) AS hit (id, score)
    JOIN knowledge_passage AS passage ON passage.organization_id = %(organization)s AND passage.id = hit.id
),
configs AS (SELECT DISTINCT config FROM hits), {asked},
places AS MATERIALIZED (
    SELECT hits.id, media_id, transcript_id, first_cue, end_cue, config, score,
        whole @@ asked.exact AS has_it, whole @@ asked.wanted AS has_some
    FROM hits JOIN asked USING (config)
),
spoken AS MATERIALIZED (
    SELECT hits.*, cue.position, CASE WHEN has_some THEN knowledge_words(hits.config, cue.text) ELSE '' END AS own,
        strpos(lower(cue.text), lower(%(verbatim)s)) > 0 AS is_verbatim,
        CASE WHEN has_it THEN knowledge_words(hits.config, cue.text || ' ' || lead(cue.text) OVER in_order) END
            AS with_next
    FROM places AS hits JOIN media_library_cue AS cue
        ON cue.organization_id = %(organization)s AND cue.transcript_id = hits.transcript_id
        AND cue.position >= hits.first_cue AND cue.position < hits.end_cue
        AND (%(speaker)s = '' OR cue.speaker = %(speaker)s)
    WINDOW in_order AS (PARTITION BY hits.id ORDER BY cue.position)
),
matched AS MATERIALIZED (
    SELECT spoken.*, asked.is_phrase, own @@ asked.exact AS says_it, ts_rank(own, asked.wanted) AS rank,
        coalesce(with_next @@ asked.exact, false) AS says_it_with_next
    FROM spoken JOIN asked ON asked.config = spoken.config
),
judged AS (
    SELECT matched.*, CASE
        WHEN says_it AND is_verbatim THEN 3 WHEN says_it THEN 2
        WHEN says_it_with_next AND NOT lead(says_it) OVER (PARTITION BY id ORDER BY position) THEN 1 ELSE 0
    END AS exactness
    FROM matched
),
placed AS (
    SELECT judged.*, max(exactness) OVER media AS best_exactness, max(rank) OVER media AS best_rank,
        max(score) OVER media AS media_score,
        row_number() OVER (PARTITION BY id ORDER BY exactness DESC, rank DESC, position) AS nth
    FROM judged WINDOW media AS (PARTITION BY media_id)
)
SELECT media_id, transcript_id, config::text, position, score FROM placed
WHERE nth = 1
    OR (nth <= %(a_place)s AND rank > 0 AND rank >= best_rank / 2 AND (exactness = best_exactness OR NOT is_phrase))
ORDER BY media_score DESC, media_id, nth, score DESC, position"""

# Each place is looked up by its number: for a range the planner would rather read the whole transcript.
AROUND = """
SELECT cue.transcript_id, cue.position, cue.start, cue."end", cue.text, cue.speaker
FROM unnest(%(transcripts)s::uuid[], %(positions)s::int[]) AS place (transcript_id, position)
JOIN media_library_cue AS cue ON cue.organization_id = %(organization)s AND cue.transcript_id = place.transcript_id
    AND cue.position = place.position"""

MARKED = """
WITH sentences AS (
    SELECT * FROM unnest(%(configs)s::regconfig[], %(sentences)s::text[]) WITH ORDINALITY AS given (config, text, n)
),
configs AS (SELECT DISTINCT config FROM sentences), {asked}
SELECT ts_headline(sentences.config, text, wanted, %(options)s)
FROM sentences JOIN asked ON asked.config = sentences.config ORDER BY n"""

#: Notes on frames, of `visible` media alone. All of the organization's are looked through: see knowledge.FrameNote.
NOTES = """
WITH visible AS MATERIALIZED ({visible}),
configs AS MATERIALIZED (
    SELECT DISTINCT search_config AS config FROM knowledge_framenote WHERE organization_id = %(organization)s
), {asked}
SELECT frame.id, note.search_config::text, note.text, ts_rank(note.search_vector, asked.wanted, 1) AS score
FROM knowledge_framenote AS note
JOIN asked ON asked.config = note.search_config
JOIN media_library_frame AS frame ON frame.id = note.frame_id AND frame.organization_id = %(organization)s
WHERE note.organization_id = %(organization)s AND frame.media_id IN (TABLE visible)
    AND note.search_vector @@ CASE WHEN asked.is_phrase THEN asked.exact ELSE asked.wanted END
    AND (coalesce(numnode(asked.binding), 0) = 0 OR note.search_vector @@ asked.binding)
ORDER BY score DESC, note.id LIMIT %(limit)s"""
