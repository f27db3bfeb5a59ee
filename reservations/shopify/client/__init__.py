"""The Admin API: :mod:`.admin_api` runs one of our :mod:`.documents` in one shop, within its :mod:`.cost_bucket`.

:mod:`.http_post` sends, for it and for the token endpoint.
"""
