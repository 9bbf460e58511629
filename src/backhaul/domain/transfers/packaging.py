"""How large and heavy the parcels of a device type are, boxes of ours included."""

from backhaul.kernel.measures import Dimensions, grams_from_pounds, mm_from_inches


def _size(length: float, width: float, height: float, pounds: float) -> Dimensions:
    return Dimensions(
        mm_from_inches(length), mm_from_inches(width), mm_from_inches(height), grams_from_pounds(pounds)
    )


# Inches and pounds, outside of the closed box with the device in it; a laptop box is contract §2.5's.
FULL = {
    "laptop": _size(16, 12, 4, 10),
    "desktop": _size(24, 20, 12, 30),
    "monitor": _size(30, 22, 9, 25),
    "tablet": _size(12, 9, 3, 4),
    "phone": _size(9, 6, 3, 2),
}
OTHER = _size(16, 12, 6, 10)
EMPTY_SHARE = 0.2  # of the full weight: carton and padding


def full_box(device_type: str) -> Dimensions:
    """Return the parcel with the device in it; types we have no box for travel in the general one."""
    return FULL.get(device_type.strip().casefold(), OTHER)


def empty_box(full: Dimensions) -> Dimensions:
    """Return the parcel in which the box of a full one travels to the sender."""
    return Dimensions(
        full.length_mm, full.width_mm, full.height_mm, max(1, round(full.weight_grams * EMPTY_SHARE))
    )
