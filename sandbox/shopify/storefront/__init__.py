"""The storefront as a theme's script sees it: the cart under its own addresses, and the way to the checkout."""
