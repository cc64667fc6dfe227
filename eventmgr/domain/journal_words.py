"""The journal in words: what family a line belongs to, and a sentence for those that bring none of their own."""

from __future__ import annotations

FAMILIES = {
    "account": "Tài khoản",
    "agenda": "Chương trình",
    "award": "Khen thưởng",
    "awards": "Khen thưởng",
    "backup": "Sao lưu",
    "body": "Đơn vị",
    "ceremony": "Trao thưởng",
    "conference": "Hội nghị",
    "conflict": "Lượt vào cần xem lại",
    "delegate": "Khách mời",
    "delivery": "Gửi giấy mời",
    "dossier": "Khen thưởng",
    "gate": "Cửa vào",
    "group": "Nhóm và thứ bậc",
    "handover": "Gửi giấy mời",
    "import": "Nạp danh sách",
    "introduction": "Giới thiệu đại biểu",
    "invitation": "Giấy mời",
    "job": "Việc nền",
    "letter": "Giấy mời",
    "list": "Xuất danh sách",
    "mail": "Thư gửi đi",
    "message": "Lời nhắn",
    "nomination": "Đơn vị cử người",
    "phone": "Máy quét",
    "plan": "Kế hoạch",
    "privacy": "Dữ liệu cá nhân",
    "programme": "Chương trình",
    "rank": "Nhóm và thứ bậc",
    "register": "Sổ số giấy mời",
    "reminder": "Nhắc trả lời",
    "reply": "Trả lời",
    "role": "Phân công",
    "scan": "Điểm danh",
    "speech": "Đăng ký phát biểu",
    "stage": "Sân khấu",
    "wording": "Lời văn giấy mời",
}
OTHER = "Việc khác"

_SENTENCES = {
    "account.created": "Tạo tài khoản.",
    "account.disabled": "Khóa tài khoản.",
    "account.enabled": "Mở lại tài khoản.",
    "account.password_changed": "Đổi mật khẩu của mình.",
    "account.password_reset": "Cấp mật khẩu dùng một lần.",
    "account.signed_in": "Đăng nhập.",
    "account.signed_out": "Đăng xuất, kết thúc một phiên.",
    "job.done": "Làm xong một việc nền.",
    "job.failed": "Một việc nền không xong.",
    "role.given": "Phân công vai trò.",
    "role.taken": "Bỏ phân công vai trò.",
    "scan.admitted": "Một đại biểu đã vào.",
    "scan.held": "Mời một người chờ ở cửa.",
    "scan.left": "Một đại biểu ra ngoài.",
    "scan.named": "Ghi họ tên người đến ở cửa.",
    "scan.refused": "Từ chối một lượt quét.",
    "scan.undone": "Hoàn tác một lượt vào.",
    "stage.moved": "Bấm trên bảng điều hành sân khấu.",
}


def family_of(verb: str) -> str:
    """Return the family of a verb in words: "reply.given" -> "Trả lời"."""
    return FAMILIES.get(verb.partition(".")[0], OTHER)


def prefixes_of(family: str) -> list[str]:
    """Return the beginnings of the verbs that belong to a family; none for the family of all others."""
    return [prefix for prefix, word in FAMILIES.items() if word == family]


def sentence_of(verb: str, sentence: str) -> str:
    """Return what a line says: its own sentence, or words for its verb."""
    return sentence or _SENTENCES.get(verb) or f"{family_of(verb)}."
