"""``nianbao verify``: is what lies in a folder what a build would make of its inputs now?

Everything is rebuilt and compared, nothing in the folder is written. A difference names the file, cell, input,
library, package or font, with both values.
"""

from __future__ import annotations

from nianbao.publish.difference import Difference
from nianbao.verify.folders import Verification, verify

__all__ = ["Difference", "Verification", "verify"]
