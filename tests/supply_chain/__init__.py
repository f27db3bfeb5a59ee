"""What the service is made of, and the check of what is known against it."""
