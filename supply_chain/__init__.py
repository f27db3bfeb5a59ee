"""What the service is made of, and what the world knows against it: run before a release, never by the service."""
