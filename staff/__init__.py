"""Who runs the service: how staff sign in, prove a second factor, and hand rights on."""
