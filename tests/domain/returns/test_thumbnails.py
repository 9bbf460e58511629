"""How large the small pictures of a page may be."""

from io import BytesIO

import pytest
from PIL import Image

from backhaul.domain.returns.thumbnails import MOST_BYTES, SIDE, draw_small


def of_file(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_what_has_few_details_keeps_its_size():
    small = draw_small(of_file(Image.new("RGB", (1600, 1200), "navy")))
    assert Image.open(BytesIO(small)).size == (SIDE, SIDE * 3 // 4)
    assert len(small) <= MOST_BYTES


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_what_is_full_of_details_is_drawn_smaller_until_a_page_of_them_is_light(mode):
    noise = Image.effect_noise((1600, 1200), 80).convert(mode)
    small = draw_small(of_file(noise))
    assert len(small) <= MOST_BYTES
    assert Image.open(BytesIO(small)).format == "JPEG"
