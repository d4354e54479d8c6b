"""The demo catalogue: real songs (songs.csv), what playlists are about (themes.toml),
and the seeded generator that composes playlists over them."""
