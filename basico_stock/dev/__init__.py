"""The whole service on one machine for whoever works on it: what `bin/dev` runs after its set-up."""
