"""The front: a real nginx with `deploy/nginx.conf`, before a program that tells what came, and before the service."""
