"""Orders: :mod:`.order_facts` keeps what Shopify tells us about each and settles the stock to match.

:mod:`.order_news` is what one message tells, and how we merge it into the rest.

:mod:`.order_story` computes what the facts mean, :mod:`.order_query` asks Shopify for what a webhook leaves out,
:mod:`.shortfall_tag` marks orders with a shortfall, and :mod:`.missed_orders` finds those whose webhook never came.
"""
