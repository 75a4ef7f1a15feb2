"""Companies to play: TOML files with every rate named, and their reader."""
