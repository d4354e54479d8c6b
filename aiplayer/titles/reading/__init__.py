"""What a title names: artists, genres, eras, countries, moods, activities and the scene it paints.
`lexicon.toml` holds the words, for a person to read and extend; `mentions.py` says what is found in a title."""
