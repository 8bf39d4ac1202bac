"""A show that has lived elsewhere comes here by its feed: `feed` and what it uses are pure, `pages` goes out for it,
`taking` writes it, `shows` holds the verbs, `sound` fetches what is heard.
"""
