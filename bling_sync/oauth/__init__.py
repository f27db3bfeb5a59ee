"""The merchant's consent and the tokens that it brings.

:mod:`.asking` makes the address that the merchant opens, :mod:`.arriving` takes the code, :mod:`.endpoint` speaks to
Bling's token address within :mod:`.budget`, and :mod:`.tokens` keeps one pair per shop fresh.
"""
