"""What a person sees: the Streamlit page (app.py) and the terminal demo (terminal.py), which talk HTTP to the service,
through client.py, and to nothing else; and durations.py, which reads the creator's own audio files and asks nobody."""
