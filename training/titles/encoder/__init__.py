"""Fine-tunes the title encoder on a catalogue of playlists, and measures what that changed.
Playlists that share songs or tags teach it which titles mean the same."""
