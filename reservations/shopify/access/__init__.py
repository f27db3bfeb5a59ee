"""Proof of who speaks for which shop, and the app's installation there.

:mod:`.shop_domain`, :mod:`.signatures` and :mod:`.session_token` check a caller's proof. :mod:`.installation` follows
the app as it comes and goes, and :mod:`.access_tokens` keeps its tokens alive.
"""
