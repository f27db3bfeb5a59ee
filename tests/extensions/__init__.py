"""What Shopify hosts: the validation function and the theme's app embed."""
