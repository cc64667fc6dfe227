import pytest

from eventmgr.domain.items import ItemKind, PresenterKind
from eventmgr.domain.names import AddressForm
from eventmgr.domain.script import Cue, Line, Occasion, during, handover, lower_first, person, written

BODY = PresenterKind.PERSON_OF_BODY
DAN_TOC = person(AddressForm.COMRADE, "A Thí Dụ", ["Trưởng Ban"], "Ban Dân tộc tỉnh")
KON_PLONG = written(BODY, "Lãnh đạo UBND huyện Kon Plông")
TINH_UY = written(PresenterKind.COLLECTIVE, "Thường trực Tỉnh ủy")
EVERYONE = written(PresenterKind.EVERYONE, "Đại biểu tham dự Hội nghị")
OCCASION = Occasion("Hội nghị sơ kết", "Ủy ban nhân dân tỉnh Kon Tum", "Kế hoạch số 2809/KH-UBND", ("Khai mạc", "Kết luận"))


def said(lines: tuple[Line, ...]) -> list[str]:
    return ["".join(say.text for say in line) for line in lines]


def test_between_two_papers_one_is_thanked_one_called_and_one_told_to_get_ready():
    done = Cue("Mô hình thí điểm", ItemKind.PAPER, DAN_TOC)
    coming = Cue("Những khó khăn, vướng mắc", ItemKind.PAPER, KON_PLONG)
    after = Cue("Kinh nghiệm lồng ghép", ItemKind.PAPER, written(BODY, "Lãnh đạo UBND thành phố Kon Tum"))
    assert said(handover(done, coming, after)) == [
        "Xin cảm ơn đồng chí A Thí Dụ.",
        "Tiếp theo, Hội nghị nghe tham luận của UBND huyện Kon Plông với nội dung: Những khó khăn, vướng mắc."
        " Xin mời lãnh đạo UBND huyện Kon Plông.",
        "Lãnh đạo UBND thành phố Kon Tum xin chuẩn bị.",
    ]


def test_a_named_person_is_called_with_form_of_address_and_post():
    coming = Cue("Mô hình thí điểm", ItemKind.PAPER, DAN_TOC)
    assert said(handover(None, coming)) == [
        "Tiếp theo, Hội nghị nghe tham luận của Ban Dân tộc tỉnh với nội dung: Mô hình thí điểm."
        " Xin mời đồng chí A Thí Dụ - Trưởng Ban Dân tộc tỉnh.",
    ]


@pytest.mark.parametrize(
    ("kind", "presenter", "words"),
    [
        (ItemKind.OPENING_SPEECH, DAN_TOC, "Xin trân trọng kính mời đồng chí A Thí Dụ - Trưởng Ban Dân tộc tỉnh lên khai mạc và chủ trì Hội nghị."),
        (ItemKind.SPEECH, TINH_UY, "Xin trân trọng kính mời đại diện Thường trực Tỉnh ủy lên phát biểu với Hội nghị."),
        (ItemKind.CONCLUSION, KON_PLONG, "Xin trân trọng kính mời lãnh đạo UBND huyện Kon Plông phát biểu kết luận Hội nghị."),
        (ItemKind.DISCUSSION, EVERYONE, "Tiếp theo là phần thảo luận. Xin mời các đại biểu phát biểu ý kiến."),
        (ItemKind.AWARDS, written(PresenterKind.BODY, "Ban Thi đua khen thưởng tỉnh"), "Xin kính mời đại diện Ban Thi đua khen thưởng tỉnh lên công bố quyết định khen thưởng."),
        (ItemKind.REPORT, KON_PLONG, "Tiếp theo, xin mời lãnh đạo UBND huyện Kon Plông lên trình bày: Nội dung."),
        (ItemKind.FLAG_SALUTE, None, "Kính mời quý vị đại biểu đứng dậy, làm lễ chào cờ."),
        (ItemKind.BREAK, None, "Kính mời quý vị đại biểu nghỉ giải lao."),
        (ItemKind.OTHER, None, "Tiếp theo: Nội dung."),
    ],
)
def test_each_kind_of_step_has_its_words(kind, presenter, words):
    assert said(handover(None, Cue("Nội dung", kind, presenter))) == [words]


def test_who_goes_on_is_neither_thanked_nor_called_anew():
    first, second = Cue("Báo cáo kết quả", ItemKind.REPORT, KON_PLONG), Cue("Báo cáo mô hình", ItemKind.REPORT, KON_PLONG)
    assert said(handover(first, second)) == ["Xin mời lãnh đạo UBND huyện Kon Plông tiếp tục với nội dung: Báo cáo mô hình."]
    assert said(handover(Cue("Giới thiệu", ItemKind.OPENING), first, second))[-1] != "Lãnh đạo UBND huyện Kon Plông xin chuẩn bị."


def test_leaders_are_thanked_with_respect_and_not_told_to_get_ready():
    speech, conclusion = Cue("Phát biểu", ItemKind.SPEECH, TINH_UY), Cue("Kết luận", ItemKind.CONCLUSION, KON_PLONG)
    lines = said(handover(speech, Cue("Thảo luận", ItemKind.DISCUSSION, EVERYONE), conclusion))
    assert lines == [
        "Xin trân trọng cảm ơn Thường trực Tỉnh ủy.",
        "Tiếp theo là phần thảo luận. Xin mời các đại biểu phát biểu ý kiến.",
    ]


def test_the_offices_own_words_take_the_place_of_ours():
    coming = Cue("Khai mạc", ItemKind.OPENING_SPEECH, DAN_TOC, own="Kính mời đồng chí A Thí Dụ.\n\n  Xin một tràng pháo tay! ")
    assert said(handover(None, coming)) == ["Kính mời đồng chí A Thí Dụ.", "Xin một tràng pháo tay!"]


def test_after_the_last_step_the_conference_is_closed():
    lines = said(handover(Cue("Kết luận", ItemKind.CONCLUSION, KON_PLONG), None))
    assert (lines[0], lines[-1]) == ("Xin trân trọng cảm ơn lãnh đạo UBND huyện Kon Plông.", "Xin trân trọng cảm ơn!")


def test_during_the_introduction_the_reason_is_read():
    lines = said(during(Cue("Giới thiệu đại biểu", ItemKind.INTRODUCTION), OCCASION))
    assert lines[2] == "Thực hiện Kế hoạch số 2809/KH-UBND, hôm nay Ủy ban nhân dân tỉnh Kon Tum tổ chức Hội nghị sơ kết."


def test_during_the_procedure_the_contents_are_read():
    lines = said(during(Cue("Thông qua Chương trình", ItemKind.PROCEDURE), OCCASION))
    assert lines == ["Chương trình Hội nghị gồm 2 nội dung:", "1. Khai mạc.", "2. Kết luận."]


def test_names_keep_their_capitals_in_the_middle_of_a_sentence():
    assert [lower_first(text) for text in ("Lãnh đạo Sở Y tế", "Thường trực Tỉnh ủy", "Ban Dân tộc tỉnh", "Đồng chí Y Mẫu")] == [
        "lãnh đạo Sở Y tế", "Thường trực Tỉnh ủy", "Ban Dân tộc tỉnh", "đồng chí Y Mẫu",
    ]


def test_a_person_or_a_deputation_typed_as_the_presenter_is_not_called_a_deputation_again():
    typed = ("Đại diện Bộ Nội vụ", "Đồng chí Nguyễn Thị Thử", "Lãnh đạo Sở Y tế", "Các hội, đoàn thể", "Sở Y tế")
    assert [presenter.said for text in typed if (presenter := written(PresenterKind.BODY, text))] == [
        "đại diện Bộ Nội vụ", "đồng chí Nguyễn Thị Thử", "lãnh đạo Sở Y tế", "đại diện các hội, đoàn thể", "đại diện Sở Y tế",
    ]
