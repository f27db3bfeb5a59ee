"""Reading Bling's figures back and understanding them.

:mod:`.due` says which products want a reading, :mod:`.read` makes it, :mod:`.apply` lets it become the count of a
stock item, :mod:`.differences` finds what was not expected, and :mod:`.hearing` and :mod:`.causes` say why.
"""
