"""Text of the fonts before Unicode: TCVN3 (.VnTime) and VNI, told apart and converted, never silently."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Encoding(StrEnum):
    """How the letters of a cell were written."""

    TCVN3 = "tcvn3"
    TCVN3_CAPITALS = "tcvn3h"
    VNI = "vni"

    @property
    def label(self) -> str:
        """Its name on screen."""
        return "VNI" if self is Encoding.VNI else "TCVN3 (ABC)"


@dataclass(frozen=True)
class Converted:
    """A text before and after; `lost` when letters cannot be restored, so that a person has to look."""

    before: str
    after: str
    encoding: Encoding
    lost: bool = False


# vietnamese-data.md §3.2: byte -> letter, the text having been read as Latin-1.
_TONED = (
    "B5à B6ả B7ã B8á B9ạ BBằ BCẳ BDẵ BEắ C6ặ C7ầ C8ẩ C9ẫ CAấ CBậ CCè CEẻ CFẽ D0é D1ẹ D2ề D3ể D4ễ D5ế D6ệ "
    "D7ì D8ỉ DCĩ DDí DEị DFò E1ỏ E2õ E3ó E4ọ E5ồ E6ổ E7ỗ E8ố E9ộ EAờ EBở ECỡ EDớ EEợ "
    "EFù F1ủ F2ũ F3ú F4ụ F5ừ F6ử F7ữ F8ứ F9ự FAỳ FBỷ FCỹ FDý FEỵ"
)
_TCVN3 = {0xA1 + place: letter for place, letter in enumerate("ĂÂÊÔƠƯĐăâêôơưđ")} | {
    int(code[:2], 16): code[2] for code in _TONED.split()
}

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT, _HAT, _BREVE = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323", "\u0302", "\u0306"
_VNI_TONES = {"ø": _GRAVE, "ù": _ACUTE, "û": _HOOK, "õ": _TILDE, "ï": _DOT}
_VNI_HATS = {"â": "", "á": _ACUTE, "à": _GRAVE, "å": _HOOK, "ã": _TILDE, "ä": _DOT}
_VNI_BREVES = {"ê": "", "é": _ACUTE, "è": _GRAVE, "ú": _HOOK, "ü": _TILDE, "ë": _DOT}
_VNI_SINGLE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}

_ONSET = r"(?:ngh|ng|nh|ch|th|tr|ph|kh|gh|gi|qu|[bcdđghklmnprstvx])?"
_RIME = (
    r"(?:(?:iê|yê|uô|ươ|oă|uâ|oe|oo|uyê|uy|oa|ua|uê|uơ|ưa|ia|ya|[aăâeêioôơuưy])"
    r"(?:ng|nh|ch|[ckmnpt])|(?:(?:o|u)?(?:ai|ay|ao|au|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|iêu|yêu|uôi|ươi|ươu|uyu)"
    r"|(?:uyê|iê|yê|uô|oa|oe|uy|uê|uơ|ưa|ia|ya|ua|uâ|uya|[aâeêioôơuưy])))"
)
_SYLLABLE = re.compile(_ONSET + _RIME)
_WITHOUT_ITS_HORN = re.compile(r"(?<!ư)ơ(?:c|ng|nh|ch|u)$|^(?:th|nh|ng|ch|tr|ph|kh|đ|l|s|n|m|d)$")
_TONES = dict.fromkeys(map(ord, (_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT)))
_TONE_ENDS = re.compile(r"[ptc]$|ch$")


def detect(text: str) -> Encoding | None:
    """Return the encoding that makes Vietnamese words of a text which is none as it stands; None for Unicode text."""
    odd = [word for word in _words(text) if not word.isascii()]
    if not odd or any(ord(char) > 0xFF for char in unicodedata.normalize("NFC", text)):
        return None
    as_it_is = sum(_is_syllable(word) for word in odd)
    if as_it_is == len(odd):
        return None
    best, found = max(
        ((_sense(text, encoding), encoding) for encoding in (Encoding.TCVN3, Encoding.VNI)), key=lambda pair: pair[0]
    )
    return found if best * 10 >= 6 and best > as_it_is / len(odd) else None


def of_font(name: str | None) -> Encoding | None:
    """Return the encoding that a font was drawn for: '.VnTimeH' -> TCVN3 in capitals, 'VNI-Times' -> VNI."""
    folded = (name or "").strip().lower()
    if folded.startswith(".vn"):
        return Encoding.TCVN3_CAPITALS if folded.endswith("h") else Encoding.TCVN3
    return Encoding.VNI if folded.startswith("vni") else None


def convert(text: str, encoding: Encoding) -> Converted:
    """Return the text in Unicode beside what it was; letters that no table knows stay.

    `lost` tells that a 'ư' has been dropped on the way (TCVN3 keeps it as the soft hyphen, U+00AD): such a name
    cannot be restored by a machine.
    """
    if encoding is Encoding.VNI:
        return Converted(text, _from_vni(text), encoding)
    after = "".join(_TCVN3.get(ord(char), char) for char in text)
    after = unicodedata.normalize("NFC", after)
    lost = any(_WITHOUT_ITS_HORN.search(_bare(word)) for word in _words(after) if not word.isupper())
    if encoding is Encoding.TCVN3_CAPITALS:
        after = after.upper()
    return Converted(text, after, encoding, lost and after != text)


def needs_converting(text: str, font: Encoding | None = None) -> Encoding | None:
    """Return the encoding to convert a cell from: the font's where the text can be of that font, else what it looks like.

    A cell in an old font that holds letters beyond Latin-1 was typed anew in Unicode and stays.
    """
    if not text or any(ord(char) > 0xFF for char in unicodedata.normalize("NFC", text)):
        return None
    if font is Encoding.TCVN3_CAPITALS:
        return font if any(char.isalpha() for char in text) else None
    if font is not None:
        return None if text.isascii() else font
    return detect(text)


def vietnamese_share(text: str) -> float:
    """Return the share of the words outside ASCII that could be Vietnamese, from 0 to 1; 1 when there are none."""
    odd = [word for word in _words(unicodedata.normalize("NFC", text)) if not word.isascii()]
    return sum(_is_syllable(word) for word in odd) / len(odd) if odd else 1.0


def _from_vni(text: str) -> str:
    made: list[str] = []
    for char in text:
        low = char.lower()
        before = made[-1] if made else ""
        base = _base(before)
        if low in _VNI_HATS and base in {"a", "e", "o"} and len(before) == 1:
            made[-1] = before + _HAT + _VNI_HATS[low]
        elif low in _VNI_BREVES and base == "a" and len(before) == 1:
            made[-1] = before + _BREVE + _VNI_BREVES[low]
        elif low in _VNI_TONES and base in {"a", "e", "i", "o", "u", "y", "ơ", "ư"} and len(before) == 1:
            made[-1] = before + _VNI_TONES[low]
        elif low in _VNI_SINGLE:
            single = _VNI_SINGLE[low]
            made.append(single if char == low else single.upper())
        else:
            made.append(char)
    return unicodedata.normalize("NFC", "".join(made))


def _base(letter: str) -> str:
    return letter.lower() if len(letter) == 1 else ""


def _sense(text: str, encoding: Encoding) -> float:
    """The share of words outside ASCII that are Vietnamese syllables after converting, from 0 to 1."""
    before, after = text.split(), convert(text, encoding).after.split()
    pairs = [(one, other) for one, other in zip(before, after, strict=False) if not one.isascii()]
    good = sum(all(_is_syllable(part) for part in _words(other)) for _, other in pairs)
    return good / len(pairs) if pairs else 0


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    """Whether a word could be Vietnamese: its letters make a syllable, and a stop at the end has a fitting tone."""
    bare = _bare(word)
    if "ñ" in word.lower() or _SYLLABLE.fullmatch(bare) is None:
        return False
    tones = [char for char in unicodedata.normalize("NFD", word.lower()) if ord(char) in _TONES]
    if len(tones) > 1:
        return False
    return not _TONE_ENDS.search(bare) or (bool(tones) and tones[0] in (_ACUTE, _DOT))


def _bare(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.lower()).translate(_TONES))


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s.,;:()/\-–'’\"0-9]+", text) if word]
