// Finding somebody on the phone: by name, initials, post or body, without diacritics, in any order of words.
// Abbreviations mean the same as what they stand for; the table of them comes with the list (domain/text.py).

const MOST = 20;

export function fold(text) {
  const plain = text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().replaceAll("đ", "d");
  return plain.replace(/[’‘ʼ`´']/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

// What is looked through: " name substitute initials | the rest ", folded.
export function keyOf({ name, posts, body, substitute }) {
  const names = fold([name, substitute?.name ?? ""].join(" "));
  const initials = fold(name).split(" ").map((word) => word[0] ?? "").join("");
  return ` ${names} ${initials} | ${fold([...posts, body, ...(substitute?.posts ?? [])].join(" "))} `;
}

// lines: ["ubnd = uy ban nhan dan", …] as phrases → every way to say the query, as words.
export function variantsOf(query, sameThing = []) {
  const words = fold(query);
  const ways = new Set([words]);
  for (const phrases of sameThing) {
    for (const said of phrases) {
      if (!` ${words} `.includes(` ${said} `)) continue;
      for (const other of phrases) ways.add(` ${words} `.replace(` ${said} `, ` ${other} `).trim());
    }
  }
  return [...ways].map((way) => way.split(" ").filter(Boolean).slice(0, 8));
}

// keys: iterable of [ref, key] → at most twenty refs, those whose names match most words first.
export function findIn(keys, query, sameThing) {
  const variants = variantsOf(query, sameThing);
  if (variants[0].join("").length < 2) return [];
  const found = [];
  for (const [ref, key] of keys) {
    let best = -1;
    for (const words of variants) {
      if (!words.every((word) => key.includes(` ${word}`))) continue;
      const names = key.slice(0, key.indexOf("|"));
      best = Math.max(best, words.filter((word) => names.includes(` ${word}`)).length);
    }
    if (best >= 0) found.push([best, found.length, ref]);
  }
  found.sort((one, other) => other[0] - one[0] || one[1] - other[1]);
  return found.slice(0, MOST).map((one) => one[2]);
}
