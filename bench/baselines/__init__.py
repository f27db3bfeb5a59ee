"""The baselines that the service is compared with. We wrote them, each to be as fast as its kind allows."""
