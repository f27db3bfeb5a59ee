"""The limits of a request."""

MAX_BODY_BYTES = 65_536
MAX_JSON_DEPTH = 32
MAX_SKU_LENGTH = 255
# As JSON Schema spells it: any characters but control characters.
TEXT_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f]+$"
MAX_ORDER_ID_LENGTH = 255
# More units of one SKU than any cart holds; far below PostgreSQL's integer, also when a cart's lines are summed.
MAX_QUANTITY = 1_000_000
MAX_LINES = 200
MAX_IDS = 200
# The answer to a request with a thousand unknown members names the first few.
MAX_PROBLEMS_SHOWN = 20
# Longer than any key that we issue or accept, so that nobody makes us hash megabytes.
MAX_CREDENTIAL_LENGTH = 512
