"""backhaul warehouse photo: what is kept and what is refused, whatever a file is called."""

from tests.domain.returns.depot import picture
from tests.domain.returns.forging import animated, png_of

HOSTILE = {
    "page.jpg": (b"<html><script>alert(1)</script></html>", "neither JPEG, PNG nor WebP"),
    "drawing.png": (
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "neither JPEG, PNG nor WebP",
    ),
    "moving.webp": (animated("WEBP"), "animated"),
    "archive.jpg": (picture() + b"PK\x03\x04archive", "something else is hidden behind the picture"),
    "bomb.png": (png_of(60_000, 60_000), "more than 50000000 pixels"),
    "half.jpg": (picture()[:400], "broken or incomplete JPEG"),
    "large.jpg": (picture() + bytes(20_000), "more than 20000 bytes"),
}
LIMIT = {"BACKHAUL_RETURNS__MAX_PHOTO_BYTES": "20000"}


def test_what_is_no_picture_is_refused_with_its_reason_and_leaves_nothing(installation, tmp_path):
    run = installation.run
    run("org", "create", "Acme")
    run(
        "warehouse", "add", "WH0CVG01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    )  # fmt: skip
    number = run("warehouse", "receive", "1Z999", "--at", "WH0CVG01", "--unannounced").stdout.split()[0]
    run("warehouse", "identify", number, "--org", "acme")
    for name, (content, reason) in HOSTILE.items():
        (tmp_path / name).write_bytes(content)
        refused = run("warehouse", "photo", number, str(tmp_path / name), check=False, **LIMIT)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "returns.photo_refused" in refused.stderr
        assert reason in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not (installation.data_dir / "files").exists()
    # Its content decides, not its name.
    (tmp_path / "called.gif").write_bytes(picture("PNG"))
    (tmp_path / "called.webp").write_bytes(picture("JPEG"))
    kept = run(
        "warehouse", "photo", number, str(tmp_path / "called.gif"), str(tmp_path / "called.webp")
    ).stdout
    assert kept == "called.gif  image/png, 40 × 30\ncalled.webp  image/jpeg, 40 × 30\n"
    assert len([path for path in (installation.data_dir / "files").rglob("*") if path.is_file()]) == 2


def test_a_refused_picture_is_named_and_keeps_no_other_from_being_kept(installation, tmp_path):
    run = installation.run
    run("org", "create", "Several")
    run(
        "warehouse", "add", "WH0SVR01", "--name", "Cincinnati", "--line-1", "1 Dock Road", "--city", "Hebron",
        "--country", "US", "--entry-point", "CVG001",
    )  # fmt: skip
    number = run("warehouse", "receive", "1Z998", "--at", "WH0SVR01", "--unannounced").stdout.split()[0]
    run("warehouse", "identify", number, "--org", "several")
    (tmp_path / "a.png").write_bytes(picture("PNG"))
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    (tmp_path / "c.webp").write_bytes(picture("WEBP"))
    files = [str(tmp_path / name) for name in ("a.png", "bad.jpg", "c.webp")]
    told = run("warehouse", "photo", number, *files, check=False)
    assert told.returncode == 1
    assert told.stdout == "a.png  image/png, 40 × 30\nc.webp  image/webp, 40 × 30\n"
    assert told.stderr.startswith("bad.jpg  refused (returns.photo_refused): The picture was refused: ")
    assert len(told.stderr.splitlines()) == 1


def test_a_bucket_without_its_name_is_refused_before_anything_starts(installation):
    refused = installation.run("org", "list", check=False, BACKHAUL_FILES__STORAGE="s3")
    assert refused.returncode == 1
    assert "The setting files.bucket was refused" in refused.stderr
