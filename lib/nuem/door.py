"""Which names the package offers at its door, and where they live."""

from __future__ import annotations

_MODULES = {
    "nuem": ("typeset",),
    "nuem.physics": (
        "coherent",
        "cosmology",
        "counting",
        "dirac",
        "kinematics",
        "loops",
        "plasma",
        "quadrature",
        "recoil",
        "response",
        "solar",
        "stars",
        "statistics",
        "units",
        "verified",
        "weyl",
    ),
    "nuem.review": ("claims", "peers", "reader", "records", "spectra", "yamlfile"),
    "nuem.notebook": ("diagrams", "figures", "scans"),
    "nuem.synthesis": ("answers", "compared", "judged", "listings", "overview", "plane", "references"),
}
_OBJECTS = {
    "nuem.errors": ("NuemError", "refusals"),
    "nuem.review.reader": ("bounds", "ledger", "listed"),
    "nuem.notebook.chapter": ("Chapter",),
    "nuem.notebook.widgets": ("Slider",),
}
ROOM = {name: room for room, names in _MODULES.items() for name in names}
OWNER = {name: module for module, names in _OBJECTS.items() for name in names}


def owner_of(name: str) -> str | None:
    """The module that stands behind a name at this door."""
    return f"{ROOM[name]}.{name}" if name in ROOM else OWNER.get(name)
