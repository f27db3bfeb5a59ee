"""The table of routes that the files of this folder fill, and what each route receives."""

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
