"""The API described as OpenAPI 3.1, from the same serializers and the same tree of errors that answer requests."""
