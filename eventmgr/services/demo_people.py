"""Invented people of the rehearsal: natural names that nobody bears, posts, what each group is filled up with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Mai")
GIVEN = ("Mẫu", "Ví Dụ", "Thí Dụ", "Minh Họa", "Thử", "Giả Định", "Tạm Tính", "Tạm Thời", "Diễn Tập", "Làm Mẫu")

MINUTES: Mapping[str, int] = {
    "A1a": 10, "A1b": 5, "A2": 10, "A3a": 20, "A3b": 15, "A4.1": 10, "A4.2": 10, "A4.3": 10, "A4.4": 10, "A5": 10,
    "A6": 25, "A7": 20, "A8": 15,
}
"""Step of the programme -> planned minutes; the plan leaves them open."""

SPEAKERS: Mapping[str, str] = {
    "A1a": "vstbpn-vp-ubnd", "A1b": "vstbpn-vp-ubnd", "A2": "vstbpn-truong-ban", "A3a": "vstbpn-so-ldtbxh",
    "A3b": "vstbpn-so-ldtbxh", "A4.1": "vstbpn-so-y-te", "A4.2": "vstbpn-ban-dan-toc", "A4.3": "lanh-dao-kpl",
    "A4.4": "lanh-dao-ktm", "A8": "vstbpn-truong-ban",
}
"""Step of the programme -> key of the delegate who speaks."""

COLLECTIVES = (
    "Phòng Lao động - Thương binh và Xã hội huyện Mẫu A",
    "Hội Liên hiệp Phụ nữ huyện Mẫu B",
    "Trạm Y tế xã Thí Dụ, huyện Mẫu A",
    "Trường Phổ thông Dân tộc nội trú huyện Mẫu C",
    "Mô hình dịch vụ tư vấn, hỗ trợ về bình đẳng giới xã Ví Dụ, huyện Mẫu B",
)
HONOURED_POSTS = (
    "Phó Chủ tịch UBND xã Thí Dụ, huyện Mẫu A",
    "Trưởng thôn, thôn Mẫu 2, xã Ví Dụ, huyện Mẫu B",
    "Giáo viên Trường Tiểu học Minh Họa, huyện Mẫu C",
    "Chủ tịch Hội Liên hiệp Phụ nữ xã Ví Dụ, huyện Mẫu B",
    "Cán bộ chuyên trách dân số xã Thí Dụ, huyện Mẫu A",
    "Người có uy tín, làng Mẫu 1, xã Minh Họa, huyện Mẫu C",
    "Chuyên viên Phòng Tư pháp huyện Mẫu B",
    "Bác sĩ Trạm Y tế xã Thí Dụ, huyện Mẫu A",
    "Công an viên xã Minh Họa, huyện Mẫu C",
    "Hội viên Hội Nông dân xã Ví Dụ, huyện Mẫu B",
)
ACHIEVEMENT = "Đã có thành tích xuất sắc trong thực hiện Chiến lược quốc gia về bình đẳng giới, giai đoạn I (2011-2015)"

_HEADS = (
    ("Sở ", "Giám đốc "), ("Công an ", "Giám đốc "), ("UBND ", "Chủ tịch "), ("Hội ", "Chủ tịch "),
    ("Liên đoàn ", "Chủ tịch "), ("Ban ", "Trưởng "), ("Văn phòng ", "Chánh "), ("Tỉnh đoàn ", "Bí thư "),
    ("Bộ Chỉ huy ", "Chỉ huy trưởng "),
)
_DISTRICTS = ("ktm", "dha", "dto", "nho", "dgl", "sth", "kra", "kpl", "tmr", "ihd")
_AGENCIES = (
    "so-y-te", "so-noi-vu", "so-khdt", "so-tai-chinh", "so-tu-phap", "so-gddt", "so-vhttdl", "so-tttt", "so-nnptnt",
    "ban-dan-toc", "hoi-lhpn", "ldld",
)


def names(rng: Random) -> Iterator[tuple[str, bool]]:
    """Yield invented full names, each once, and whether it is a woman's; the order follows the random source."""
    made = [(f"{family} Thị {given}", True) for family in FAMILIES for given in GIVEN]
    made += [(f"{family} Văn {given}", False) for family in FAMILIES for given in GIVEN]
    made += [(f"Y {given}", True) for given in GIVEN] + [(f"A {given}", False) for given in GIVEN]
    rng.shuffle(made)
    yield from made


def post_of_head(post: str) -> str:
    """Return the post of somebody who is named: 'Lãnh đạo Sở Y tế' -> 'Giám đốc Sở Y tế'; others stay."""
    body = post.removeprefix("Lãnh đạo ")
    if body == post:
        return post
    return next((head + body for start, head in _HEADS if body.startswith(start)), post)


def post_of_deputy(body: str) -> str:
    """Return the post of a substitute: 'Sở Y tế' -> 'Phó Giám đốc Sở Y tế'."""
    deputies = (("Sở ", "Phó Giám đốc "), ("UBND ", "Phó Chủ tịch "), ("Ban ", "Phó Trưởng "), ("Hội ", "Phó Chủ tịch "))
    return next((deputy + body for start, deputy in deputies if body.startswith(start)), f"Chuyên viên, {body}".rstrip(", "))


def more_posts(district_bodies: Mapping[str, str]) -> list[tuple[str, str | None, str]]:
    """Return who comes besides the plan's 48: key of the group, key of the body if there is one, post.

    `district_bodies` are keys of delegates ('lanh-dao-dha') with the key of their body.
    """
    made: list[tuple[str, str | None, str]] = [("G04", "doan-dbqh", "Đại biểu Quốc hội chuyên trách")]
    for body, what in (("ban-tuyen-giao", "Ban Tuyên giáo Tỉnh ủy"), ("ban-dan-van", "Ban Dân vận Tỉnh ủy"), ("ban-vhxh-hdnd", "Ban Văn hóa - Xã hội HĐND tỉnh")):
        made += [("G05", body, f"Phó Trưởng {what}"), ("G05", body, f"Chuyên viên {what}")]
    made += [("G07", agency, "Chuyên viên") for agency in _AGENCIES]
    made += [("G08", district_bodies.get(f"lanh-dao-{code}"), "Phó Chủ tịch") for code in _DISTRICTS]
    made += [("G09", None, f"Đại diện {collective}") for collective in COLLECTIVES]
    made += [("G09", None, post) for post in HONOURED_POSTS]
    made += [("G10", body, post) for body in ("bao-kon-tum", "dai-ptth") for post in ("Biên tập viên", "Phóng viên ảnh", "Quay phim")]
    return made
