"""Lighthouse on finished portals; see docs/hosting.md. `python -m bench.lighthouse`."""
