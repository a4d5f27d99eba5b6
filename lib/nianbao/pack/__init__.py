"""``nianbao pack``: one folder a body to hand in, with files named as offices name them, and the same as a ZIP.

What is handed in is what ``verify`` confirms: a draft, and a report of which anything was changed since it was built,
is refused by name.
"""

from __future__ import annotations

from nianbao.pack.folder import Packed, Refusal, pack

__all__ = ["Packed", "Refusal", "pack"]
