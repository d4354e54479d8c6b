"""Where AI Player runs: this machine (local.py), and what its operator needs around it."""
