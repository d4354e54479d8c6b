"""What a container runs: it brings its database and its models up to date, and serves. `python -m infra.container`."""
