"""Reading Bling's figures back and understanding them.

:mod:`.due` says which products want a reading, :mod:`.read` makes it, :mod:`.apply` lets it become the count of a
stock item, and :mod:`.differences` names the cause of what was not expected.
"""
