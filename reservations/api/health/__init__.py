"""Whether the service runs and how it fares, for those who operate it: liveness, readiness, figures."""
