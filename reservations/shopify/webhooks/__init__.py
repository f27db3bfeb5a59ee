"""Webhooks, from Shopify's request to the stock.

:mod:`.receive` checks the signature, keeps what handlers read (:mod:`.kept_members`) in one INSERT (:mod:`.inbox`) and
answers; :mod:`.inbox_nudge` wakes a worker. :mod:`.processor` takes what is due, each delivery in one transaction with
its effect, and retries or parks what fails. What a delivery means is in the file named like its topic (:mod:`.topics`).

Nothing relies on the order of arrival, on a delivery coming once, or on the broker: a sweeper finds what it forgot.
"""
