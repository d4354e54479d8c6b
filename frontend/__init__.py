"""What a person sees: the Streamlit page (app.py) and the terminal demo (terminal.py).
Both talk HTTP to the service, through client.py, and to nothing else."""
