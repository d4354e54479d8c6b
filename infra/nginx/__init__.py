"""NGINX before gateways and pages: TLS, limits, failover, kept pictures, canaries, reloads without a gap."""
