"""What an operator sees of a running service, of gateway and runners alike; no web framework and no BentoML."""
