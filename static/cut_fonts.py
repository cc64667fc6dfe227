"""Cuts the screen fonts in static/vendor/fonts down to the letters that Vietnamese pages use; `make` runs it after vendor.

A phone at the hall's edge of network loads 28 KB instead of 96. Without this step the pages look the same.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

FONTS = Path(__file__).parent / "vendor" / "fonts"
PUNCTUATION = "–—‘’“”…•·×→ "
ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATIN = ASCII + PUNCTUATION + "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý°§«»"
VIETNAMESE = "ĂăĐđĨĩŨũƠơƯư₫" + "".join(map(chr, (0x300, 0x301, 0x303, 0x309, 0x323, *range(0x1EA0, 0x1EFA))))
FIGURES = "0123456789:+−"
LETTERS = {"be-vietnam-pro-latin": LATIN, "be-vietnam-pro-vietnamese": VIETNAMESE, "inter-latin": FIGURES}


def cut(path: Path, letters: str) -> None:
    """Rewrite one font file with these letters only, without hinting: screens of today do not read it."""
    options = Options()
    options.flavor, options.hinting, options.desubroutinize = "woff2", False, True
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.name_IDs, options.notdef_outline = [1, 2], True
    font = load_font(str(path), options)
    subsetter = Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    save_font(font, str(path), options)


def main() -> None:
    """Cut every font of the pages and say what they weigh."""
    paths = sorted(FONTS.glob("*.woff2"))
    before = sum(path.stat().st_size for path in paths)
    for path in paths:
        cut(path, next(letters for start, letters in LETTERS.items() if path.name.startswith(start)))
    print(f"static/vendor/fonts: {before // 1024} KB → {sum(path.stat().st_size for path in paths) // 1024} KB")


if __name__ == "__main__":
    main()
