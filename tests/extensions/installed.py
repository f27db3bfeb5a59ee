"""An extension's packages from npm, as its lock file pins them."""

import subprocess
from pathlib import Path

from tests.support.requirement import absent, is_required, program


def installed(extension: Path) -> Path:
    """The extension's folder, with its packages; without them the test is skipped, unless REQUIRE_NODE is 1.

    Installs anew where node_modules is from an older package.json.
    """
    npm = program("npm", "REQUIRE_NODE")
    if subprocess.run([npm, "ls"], cwd=extension, capture_output=True, timeout=60, check=False).returncode != 0:
        if not is_required("REQUIRE_NODE"):
            absent(f"its packages are not installed (npm ci in extensions/{extension.name})", "REQUIRE_NODE")
        subprocess.run([npm, "ci"], cwd=extension, check=True, timeout=100)
    return extension
