"""The table that the files of this folder fill, and what all of them are given."""

from dataclasses import dataclass

from sandbox.bling.bling import Bling
from sandbox.bling.company_account import Account
from sandbox.web import Routes


@dataclass(frozen=True)
class Call:
    """Whose request it is."""

    bling: Bling
    account: Account


routes: Routes[Call] = Routes()
