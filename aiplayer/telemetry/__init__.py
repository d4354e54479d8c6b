"""What an operator sees of a running service: measurements, log lines and traces, of gateway and runners alike.
It knows no web framework and no BentoML; docs/operations.md says what each figure and field means."""
