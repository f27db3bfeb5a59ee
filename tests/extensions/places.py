"""Where the extensions are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
GUARD = ROOT / "extensions" / "bazico-guard"
THEME = ROOT / "extensions" / "bazico-theme"
ORDER_STATUS = ROOT / "extensions" / "bazico-order-status"
