import re

from web.testing import PASSWORD, Office, passed

ASKED = "30A12345"


def with_pictures(office: Office) -> str:
    """A sighting with pictures; its id."""
    passage = passed(
        ASKED,
        "C1",
        0,
        raw="30A1234S",
        chars=((("3", 0.99),), (("0", 0.9), ("8", 0.07))),
        candidates=((ASKED, 0.97), ("30A12346", 0.02)),
        crop=office.evidence.put(b"the crop"),
        frame=office.evidence.put(b"the frame"),
    )
    office.store.add([passage])
    return passage.id


def test_a_sighting_shows_how_sure_each_character_is(office: Office) -> None:
    sighting = with_pictures(office)
    page = office.officer().get(f"/sightings/{sighting}").text
    assert "<b>8</b> 7 %" in page
    assert "<b>0</b> 90 %" in page
    assert "Máy đọc là 30A1234S" in page
    assert "30A-123.4<mark>6</mark>" in page
    assert "2026-11-24T05:00:00Z" in page


def test_pictures_come_by_the_number_of_the_sighting(office: Office) -> None:
    sighting = with_pictures(office)
    visitor = office.officer()
    for which in ("crop", "frame"):
        response = visitor.get(f"/sightings/{sighting}/{which}.jpg")
        assert (response.data, response.content_type) == (f"the {which}".encode(), "image/jpeg")
        assert response.headers["Cache-Control"] == "no-store"
    assert visitor.get(f"/sightings/{sighting}/other.jpg").status_code == 404


def test_crops_of_a_page_belong_to_its_one_look(office: Office) -> None:
    with_pictures(office)
    visitor = office.officer()
    page = visitor.get(visitor.asked(ASKED)).text
    found = re.search(r'src="(/sightings/[0-9a-f]{32}/crop.jpg[^"]*)"', page)
    assert found
    assert visitor.get(found[1]).data == b"the crop"
    assert [look.action for look in office.looks()] == ["search"]


def test_a_crop_without_its_page_is_a_look_of_its_own(office: Office) -> None:
    sighting = with_pictures(office)
    visitor = office.officer()
    visitor.get(f"/sightings/{sighting}/crop.jpg")
    visitor.get(f"/sightings/{sighting}/crop.jpg?shown={'0' * 32}")
    visitor.get(f"/sightings/{sighting}/crop.jpg?shown=đ")
    assert [look.action for look in office.looks()] == ["picture"] * 3


def test_the_proof_of_a_page_is_good_for_nobody_else(office: Office) -> None:
    with_pictures(office)
    visitor = office.officer()
    page = visitor.get(visitor.asked(ASKED)).text
    found = re.search(r'src="(/sightings/[0-9a-f]{32}/crop.jpg[^"]*)"', page)
    assert found
    other = office.officer()
    other.get(found[1])
    assert [look.action for look in office.looks()] == ["picture", "search"]


CLIP = b"\0\0\0\x20ftypisom" + bytes(range(200))


def with_clip(office: Office) -> str:
    passage = passed(ASKED, "C1", 0, clip=office.evidence.put(CLIP))
    office.store.add([passage])
    return passage.id


def test_a_clip_is_shown_and_plays_only_when_it_is_asked_for(office: Office) -> None:
    sighting = with_clip(office)
    page = office.officer().get(f"/sightings/{sighting}").text
    assert f'<video controls preload="none" src="/sightings/{sighting}/clip.mp4"' in page
    assert "autoplay" not in page
    assert "Đoạn video: vài giây quanh lúc xe qua" in page
    assert [look.action for look in office.looks()] == ["sighting"]


def test_a_clip_comes_whole_or_in_part_and_each_is_a_look(office: Office) -> None:
    sighting = with_clip(office)
    visitor = office.officer()
    whole = visitor.get(f"/sightings/{sighting}/clip.mp4")
    assert (whole.status_code, whole.data, whole.content_type) == (200, CLIP, "video/mp4")
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert "media-src 'self'" in whole.headers["Content-Security-Policy"]
    part = visitor.client.get(f"/sightings/{sighting}/clip.mp4", headers={"Range": "bytes=12-21"})
    assert (part.status_code, part.data) == (206, CLIP[12:22])
    assert part.headers["Content-Range"] == f"bytes 12-21/{len(CLIP)}"
    assert part.headers["Cache-Control"] == "no-store"
    beyond = visitor.client.get(f"/sightings/{sighting}/clip.mp4", headers={"Range": "bytes=999-"})
    assert beyond.status_code == 416
    assert [look.action for look in office.looks()] == ["clip"] * 3


def test_nobody_sees_a_clip_without_an_account_and_a_reason(office: Office) -> None:
    sighting = with_clip(office)
    visitor = office.visitor()
    assert visitor.get(f"/sightings/{sighting}/clip.mp4").status_code == 302
    visitor.sign_in("officer", PASSWORD)
    assert visitor.get(f"/sightings/{sighting}/clip.mp4").location.startswith("/reason")
    assert office.looks() == []


def test_a_clip_that_is_not_here_is_said_to_be_missing(office: Office) -> None:
    passage, without = passed(ASKED, "C1", 0, clip="c" * 64 + ".mp4"), passed(ASKED, "C1", 1)
    office.store.add([passage, without])
    visitor = office.officer()
    page = visitor.get(f"/sightings/{passage.id}").text
    assert "không có đoạn video" in page
    assert "<video" not in page
    assert visitor.get(f"/sightings/{passage.id}/clip.mp4").status_code == 404
    assert "đoạn video" not in visitor.get(f"/sightings/{without.id}").text
    assert visitor.get(f"/sightings/{without.id}/clip.mp4").status_code == 404


def test_a_sighting_leads_to_the_one_before_and_after(office: Office) -> None:
    office.store.add([passed(ASKED, "C1", minute) for minute in (0, 1, 2)])
    visitor = office.officer()
    address = visitor.asked(ASKED)
    newest, middle, oldest = (s["id"] for s in visitor.get(address + ".json").json)
    page = visitor.get(f"/sightings/{middle}?q={address.removeprefix('/q/')}").text
    assert re.search(rf'data-prev href="/sightings/{newest}\?', page)
    assert re.search(rf'data-next href="/sightings/{oldest}\?', page)


def test_what_is_not_there_is_not_found(office: Office) -> None:
    visitor = office.officer()
    assert visitor.get(f"/sightings/{'a' * 32}").status_code == 404
    assert visitor.get(f"/sightings/{'a' * 32}/crop.jpg").status_code == 404
    assert visitor.get("/sightings/../../etc/passwd").status_code == 404
    passage = passed(ASKED, "C1", 0, crop="b" * 64)
    office.store.add([passage])
    assert visitor.get(f"/sightings/{passage.id}/crop.jpg").status_code == 404
    assert visitor.get(f"/sightings/{passage.id}/frame.jpg").status_code == 404


def test_a_plate_that_could_not_be_read_is_shown_with_its_picture(office: Office) -> None:
    passage = passed("", "C1", 0, score=0.0, candidates=(), crop=office.evidence.put(b"x"))
    office.store.add([passage])
    visitor = office.officer()
    asked = visitor.fill("/passings", span="all")
    assert "không đọc được" in visitor.get(asked.location).text
    assert visitor.get(f"/sightings/{passage.id}").status_code == 200


def test_everything_that_passed_is_shown_as_pictures(office: Office) -> None:
    office.store.add([passed("29B11111", "C1", 0), passed("30A12345", "C2", 1)])
    visitor = office.officer()
    address = visitor.fill("/passings", span="all", cameras=["C1"]).location
    page = visitor.get(address).text
    assert "29B-111.11" in page
    assert "30A-123.45" not in page
    (look,) = office.looks()
    assert (look.action, look.details["texts"], look.details["cameras"]) == (
        "passings",
        ["*"],
        ["C1"],
    )
