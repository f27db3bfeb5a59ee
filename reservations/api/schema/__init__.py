"""The API described as OpenAPI 3.1, from the same serializers and the same tree of errors that answer requests."""

from . import security as security  # known to the generator once imported
