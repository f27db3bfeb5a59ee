"""The merchant's consent and the tokens that it brings.

:mod:`.consent_request` makes the address that the merchant opens, :mod:`.consent_return` takes the code,
:mod:`.token_address` speaks to Bling's token address within :mod:`.token_call_cap`, and :mod:`.token_pair` keeps one
pair per shop fresh.
"""
