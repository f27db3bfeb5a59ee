"""Attacks: everything that the service has withstood once, sent again. Each test says what it sent and what came."""
