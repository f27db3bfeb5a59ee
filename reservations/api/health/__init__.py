"""Liveness, readiness and figures, for those who operate the service."""
