"""When a shop's catalogue is read as a whole: after an installation, by command, and every night.

:mod:`reservations.shopify.catalogue.links` reads it, webhooks keep it true in between, and
:mod:`reservations.shopify.catalogue.link_report` says what does not match.
"""
