"""The sandbox's own pages, below `/sandbox/`: Django views of the service, mounted on a development machine alone.

Unlike the stand-ins beside this package, which know nothing of the service, these pages look into it.
"""
