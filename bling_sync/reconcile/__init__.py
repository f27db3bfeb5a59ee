"""Reads Bling's figures back and explains what differs.

:mod:`.reading_schedule` says which products want a reading, :mod:`.reading` makes it, :mod:`.balance_count` lets it
become the count of a stock item, :mod:`.differences` finds what was not expected, and :mod:`.heard_events` and
:mod:`.causes` say why.
"""
