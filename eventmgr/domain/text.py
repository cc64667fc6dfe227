"""Vietnamese text: cleaning what people typed, and keys to search and compare it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

TONE_MARKS = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""Combining tone mark -> its place in dictionaries: ngang 0, huyền, hỏi, ngã, sắc, nặng."""

# Zero-width joiner (U+200D) and the variation selectors stay: emoji are made with them.
_INVISIBLE = {0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF} | {
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xFFF9, 0xFFFC),
}
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u0060": "'", "\u00b4": "'"})

# Each line: phrases that name the same thing, folded. Any of them in a text brings in all the others.
SAME_THING = tuple(
    tuple(line.split(" = "))
    for line in (
        "ubnd = uy ban nhan dan",
        "hdnd = hoi dong nhan dan",
        "mttq = mat tran to quoc",
        "mttqvn = mttq viet nam = mat tran to quoc viet nam",
        "ubmttqvn = ubmttq = uy ban mttqvn = uy ban mttq viet nam = uy ban mat tran to quoc viet nam",
        "dbqh = dai bieu quoc hoi",
        "ldtbxh = ldtb xh = ldtb va xh = ld tbxh = lao dong tbxh = lao dong thuong binh va xa hoi",
        "tbxh = thuong binh va xa hoi",
        "vhxh = vh xh = van hoa xa hoi",
        "ptth = pt th = phat thanh truyen hinh",
        "vstbpn = vstbcpn = vi su tien bo phu nu = vi su tien bo cua phu nu",
        "btdkt = ban thi dua khen thuong",
        "tdkt = thi dua khen thuong",
        "lhpn = lien hiep phu nu",
        "ldld = lien doan lao dong",
        "ccb = cuu chien binh",
        "khdt = kh dt = ke hoach va dau tu",
        "gddt = gd dt = giao duc va dao tao",
        "nnptnt = nn ptnt = nong nghiep va phat trien nong thon",
        "tnmt = tai nguyen va moi truong",
        "tttt = thong tin va truyen thong",
        "khcn = khoa hoc va cong nghe",
        "vhttdl = van hoa the thao va du lich",
        "gtvt = giao thong van tai",
        "bdg = binh dang gioi",
        "tp = thanh pho",
        "vp = van phong",
        "vpub = van phong ubnd = van phong uy ban nhan dan",
        "cvp = chanh van phong",
        "pcvp = pvp = pho chanh van phong",
        "ct = chu tich",
        "pct = pho chu tich",
        "gd = giam doc",
        "pgd = pho giam doc",
        "pbt = pho bi thu",
        "btv = ban thuong vu",
        "bch = ban chap hanh",
        "tuv = tinh uy vien",
    )
)


class _NoMarks(dict[int, int | None]):
    """For str.translate: combining marks go, everything else stays; learns each letter once."""

    def __missing__(self, code: int) -> int | None:
        self[code] = None if unicodedata.category(chr(code)) == "Mn" else code
        return self[code]


def _by_first_word() -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for place, phrases in enumerate(SAME_THING):
        for phrase in phrases:
            found.setdefault(phrase.split()[0], []).append((f" {phrase} ", place))
    return found


_NO_MARKS = _NoMarks()
_NO_WORD = re.compile(r"[^\w]+|_")
_BY_FIRST_WORD = _by_first_word()
"""First word -> each phrase that begins with it, between blanks, and its line: a long list asks for every text."""
_LONGEST_FIRST = sorted(
    ((f" {phrase} ", f" {phrases[0]} ") for phrases in SAME_THING for phrase in phrases[1:]), key=lambda pair: -len(pair[0])
)


def clean(text: str) -> str:
    """Return `text` as one tidy line: NFC, no control or direction characters, single blanks, emoji kept."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return " ".join(text.split())  # printable means: no sign that would have to go; long lists are ten times as fast
    visible = "".join(_visible(char) for char in text)
    # Taking a character out can bring a letter and a mark together, so the composing comes last.
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def clean_lines(text: str) -> str:
    """Return `text` with every line cleaned; line breaks stay, more than one empty line in a row does not."""
    lines = [clean(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


@lru_cache(maxsize=16_384)
def fold(text: str) -> str:
    """Return the form that search compares: lower case, no marks, đ as d, plain apostrophes, single blanks."""
    lowered = clean(text).lower().replace("đ", "d").translate(_APOSTROPHES)
    return clean(unicodedata.normalize("NFD", lowered).translate(_NO_MARKS))


def search_key(*parts: str) -> str:
    """Return what is stored beside a row to find it by: ' word word ', folded.

    `parts` are the row's texts, the name first. Agencies and posts are spelled out and abbreviated
    (vietnamese-data.md §2), and the initials of the first part are added. The blanks at both ends let
    a database look for a word's beginning with LIKE '% begin%', once for each of `query_words`.
    """
    words: list[str] = []
    for part in parts:
        words += _key_words(part)
    padded = f" {' '.join(words)} "
    begun = {place for word in set(words) for phrase, place in _BY_FIRST_WORD.get(word, ()) if phrase in padded}
    for place in sorted(begun):
        words += [word for phrase in SAME_THING[place] for word in phrase.split()]
    if parts:
        words.append("".join(word[0] for word in query_words(parts[0])))
    return f" {' '.join(dict.fromkeys(word for word in words if word))} "


@lru_cache(maxsize=16_384)
def spelled_alike(text: str) -> str:
    """Return the folded words of `text` with agencies and posts abbreviated in one way only.

    'Phó Chủ tịch Ủy ban nhân dân tỉnh' and 'PCT UBND tỉnh' both give 'pct ubnd tinh'.
    """
    padded = f" {' '.join(query_words(text))} "
    for phrase, short in _LONGEST_FIRST:
        padded = padded.replace(phrase, short)
    return padded.strip()


def query_words(query: str) -> list[str]:
    """Return the folded words of what a person typed into a search field, in its order."""
    return _split(fold(query).replace("' ", "'").replace("'", ""))


def matches_words(key: str, query: str) -> bool:
    """Tell whether each word of `query` begins a word of `key` (from `search_key`), in any order."""
    return all(f" {word}" in key for word in query_words(query))


def without_tones(word: str) -> tuple[str, tuple[int, ...]]:
    """Return the lower-case letters of one word without tones, and the tones (1-5) it carries, in order."""
    letters: list[str] = []
    tones: list[int] = []
    for char in unicodedata.normalize("NFD", word.lower()):
        if char in TONE_MARKS:
            tones.append(TONE_MARKS[char])
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)), tuple(tones)


def text_key(text: str) -> str:
    """Return a key that is equal for texts an official reads as the same.

    Blind to case, blanks, kind of apostrophe, and to where the tone mark stands (hoà = hòa, Thuỷ = Thủy);
    other letters (Lý, Lí) and other tones stay different (vietnamese-data.md §3.1).
    """
    words = []
    for word in clean(text).translate(_APOSTROPHES).split():
        letters, tones = without_tones(word)
        words.append(letters + "".join(str(tone) for tone in tones))
    return " ".join(words)


def same_text(a: str, b: str) -> bool:
    """Tell whether two texts are the same but for case, blanks and the place of tone marks."""
    return text_key(a) == text_key(b)


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\v\f\r\x85":
        return " "
    return "" if category in ("Cc", "Cs") or ord(char) in _INVISIBLE else char


@lru_cache(maxsize=4096)
def _key_words(part: str) -> tuple[str, ...]:
    """Words of a part; a word with marks inside ('lđ-tb&xh') is given in pieces and in one."""
    words: list[str] = []
    for chunk in fold(part).replace("' ", "'").replace("'", "").split():
        pieces = _split(chunk)
        words += pieces
        if len(pieces) > 1:
            words.append("".join(pieces))
    return tuple(words)


def _split(text: str) -> list[str]:
    return [word for word in _NO_WORD.split(text) if word]
