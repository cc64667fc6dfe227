"""What the form library says by itself, in Vietnamese: it speaks where a form was not filled in on its page."""

from __future__ import annotations

from flask import Flask
from flask_wtf import FlaskForm

SENTENCES = {
    "Not a valid choice.": "Chọn một mục trong danh sách.",
    "Invalid Choice: could not coerce.": "Chọn một mục trong danh sách.",
    "Invalid choice(s): one or more data inputs could not be coerced.": "Chọn các mục trong danh sách.",
    "'%(value)s' is not a valid choice for this field.": "Chọn các mục trong danh sách.",
    "'%(value)s' are not valid choices for this field.": "Chọn các mục trong danh sách.",
    "Not a valid integer value.": "Nhập một số nguyên.",
    "This field is required.": "Cần điền mục này.",
}
OTHER = "Nội dung này chưa đúng."


class Words:
    """Looks the library's English up."""

    def gettext(self, said: str) -> str:
        """Return the Vietnamese sentence; for what nobody foresaw, that it is wrong."""
        return SENTENCES.get(said, OTHER)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return the Vietnamese sentence; it has no plural."""
        return self.gettext(one)


def init_app(app: Flask) -> None:
    """Let every form speak Vietnamese."""
    FlaskForm.Meta.get_translations = lambda meta, form: Words()
