from __future__ import annotations

from eventmgr.domain.awards import RecipientKind, authority_in_full, award_line, decision_parts
from eventmgr.domain.honourees import Entry, names_alike, read_lines, spoken_name
from eventmgr.domain.names import AddressForm

COLLECTIVE, INDIVIDUAL = RecipientKind.COLLECTIVE, RecipientKind.INDIVIDUAL


def test_pasted_lines_become_entries_letter_for_letter() -> None:
    read = read_lines("Y Mẫu; Trưởng thôn, thôn Ví Dụ\n\nĐẶNG Thị Thuý\tGiáo viên\tngười cao tuổi\n", INDIVIDUAL)
    assert read.entries == (
        Entry(INDIVIDUAL, "Y Mẫu", "Trưởng thôn, thôn Ví Dụ"),
        Entry(INDIVIDUAL, "ĐẶNG Thị Thuý", "Giáo viên", "người cao tuổi"),
    )
    assert read.problems == ()


def test_a_form_of_address_stays_in_the_printed_name_and_is_known_for_the_call() -> None:
    (entry,) = read_lines("Bà Y Mẫu; Giáo viên", INDIVIDUAL).entries
    assert (entry.printed_name, entry.address_form) == ("Bà Y Mẫu", AddressForm.MS)
    assert spoken_name("Bà Y Mẫu", AddressForm.MS) == "Bà Y Mẫu"
    assert spoken_name("Y Mẫu", AddressForm.MS) == "Bà Y Mẫu"
    assert spoken_name("y mẫu", None) == "y mẫu"


def test_nfd_and_direction_marks_are_cleaned_and_emoji_stay() -> None:
    (entry,) = read_lines("Tra\u0302\u0300n \u200fVi\u0301 Du\u0323 🎉; Gia\u0301o vie\u0302n", INDIVIDUAL).entries
    assert (entry.printed_name, entry.post) == ("Trần Ví Dụ 🎉", "Giáo viên")


def test_each_wrong_line_has_its_sentence() -> None:
    text = "1. Lê Ví Dụ; Giáo viên\nTrần Thử\n; Giáo viên\nA; b; c; d\nY Mẫu; GV\nY Mẫu; GV\n" + "x" * 301 + "; GV"
    assert read_lines(text, INDIVIDUAL).problems == (
        "Dòng 1: bỏ số thứ tự ở đầu dòng (“1. Lê Ví Dụ”).",
        "Dòng 2: thiếu chức vụ, đơn vị sau dấu chấm phẩy.",
        "Dòng 3: thiếu tên trước dấu chấm phẩy.",
        "Dòng 4: nhiều dấu chấm phẩy quá; chỉ ghi: Tên; chức vụ, đơn vị; ghi chú.",
        "Dòng 6: trùng với dòng 5.",
        "Dòng 7: có phần dài quá 300 ký tự (thừa 1).",
    )


def test_collectives_are_names_alone_and_may_begin_with_a_number() -> None:
    read = read_lines("Hội Phụ nữ huyện Mẫu A\n26 tháng 3; huyện B\n26 tháng 3", COLLECTIVE)
    assert [entry.printed_name for entry in read.entries] == ["Hội Phụ nữ huyện Mẫu A", "26 tháng 3"]
    assert read.problems == ("Dòng 2: tập thể chỉ ghi tên, không có dấu chấm phẩy; ghi chú thêm sau.",)


def test_nothing_and_too_much_are_told() -> None:
    assert read_lines(" \n\t\n", COLLECTIVE).problems == ("Chưa có dòng nào.",)
    many = "\n".join(f"Tập thể Mẫu {number}" for number in range(501))
    assert read_lines(many, COLLECTIVE).problems == ("Mỗi lần thêm nhiều nhất 500 dòng; đang có 501.",)


def test_names_are_alike_without_marks_case_and_form_of_address() -> None:
    assert names_alike(["Bà Đặng Thúy", "ĐẶNG THUÝ", "Y Mẫu"]) == {"dang thuy"}


def test_award_line_names_who_is_on_the_list() -> None:
    both = "TẬP THỂ, CÁ NHÂN ĐƯỢC TẶNG BẰNG KHEN CỦA CHỦ TỊCH UBND TỈNH"
    assert award_line("Bằng khen", "Chủ tịch UBND tỉnh", []) == both
    assert award_line("Bằng khen", "Chủ tịch UBND tỉnh", [INDIVIDUAL, COLLECTIVE]) == both
    assert award_line("Giấy khen", "UBND huyện", [INDIVIDUAL]) == "CÁ NHÂN ĐƯỢC TẶNG GIẤY KHEN CỦA UBND HUYỆN"
    assert award_line(None, "Trưởng Ban", [COLLECTIVE]) == "TẬP THỂ ĐƯỢC TRƯỞNG BAN KHEN THƯỞNG"


def test_authority_and_decision_are_spelled_as_on_paper() -> None:
    assert authority_in_full("Chủ tịch UBND tỉnh", "Kon Tum") == "Chủ tịch Ủy ban nhân dân tỉnh Kon Tum"
    assert authority_in_full("Giám đốc Sở Mẫu", "Kon Tum") == "Giám đốc Sở Mẫu"
    assert decision_parts("1234/QĐ-UBND") == ("1234", "QĐ-UBND")
    assert decision_parts("7") == ("7", "QĐ-UBND")
    assert decision_parts("7/QĐ-BVSTBPN") == ("7", "QĐ-BVSTBPN")
