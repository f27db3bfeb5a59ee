"""The whole service on a developer's machine: what `bin/dev` runs once the packages are installed."""
