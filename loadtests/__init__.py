"""What the service bears: a creator's journey for locust (locustfile.py), and latencies of one client (latency.py)."""
