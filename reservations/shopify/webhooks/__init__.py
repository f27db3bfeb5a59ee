"""Webhooks, from Shopify's request to the stock.

:mod:`.receive` checks the signature, stores what handlers read (:mod:`.kept_members`) with one INSERT (:mod:`.inbox`)
and answers; :mod:`.inbox_nudge` wakes a worker. :mod:`.processor` takes what is due (:mod:`.due_deliveries`), each
delivery in the transaction of its effect, which those about orders and those about carts share
(:mod:`.delivery_batch`), and retries or parks what fails. The file named like a topic says what a delivery means
(:mod:`.topics`).

Nothing relies on the order of arrival, on a delivery coming once, or on the broker: a sweep finds what that forgot.
"""
