"""The measurements: how fast the service is, against baselines measured in the same run. `python -m bench`."""
