// Pass codes on the phone: reading what a scanner gives, and the digest that the snapshot is searched by.
// The same rule as eventmgr/domain/passes.py; both are held to tests/cases/passcodes.json.

const CODE = /^[0-9A-HJKMNP-TV-Z]{16}$/;
const LINK = /^https?:\/\/[^/?#\s]+\/i\/([^/?#\s]+)\/?(?:[?#]\S*)?$/i;
const INVISIBLE =
  /[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]/g;
const PREFIX = "eventmgr pass 1:";

// The code in a scanned link, a bare code or typed groups; null when there is none.
export function read(scanned) {
  const text = scanned.replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  if (!/^[ -~]*$/.test(text)) return null;
  const found = LINK.exec(text);
  const bare = (found ? found[1] : text).replace(/[ -]/g, "").toUpperCase();
  const code = bare.replace(/O/g, "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? code : null;
}

export function grouped(code) {
  return code.match(/.{1,4}/g)?.join(" ") ?? "";
}

// 64 hex digits. crypto.subtle would do, but browsers keep it from pages served over plain http,
// and a spare laptop on a closed network serves just that.
export function digest(code) {
  if (!CODE.test(code)) throw new Error("not a pass code");
  return sha256(PREFIX + code);
}

// SHA-256 (FIPS 180-4) of at most 55 ASCII characters: one block.
function sha256(ascii) {
  const words = new Uint32Array(64);
  for (let i = 0; i < ascii.length; i++) words[i >> 2] |= ascii.charCodeAt(i) << (24 - 8 * (i & 3));
  words[ascii.length >> 2] |= 0x80 << (24 - 8 * (ascii.length & 3));
  words[15] = 8 * ascii.length;
  for (let i = 16; i < 64; i++) {
    const s0 = turn(words[i - 15], 7) ^ turn(words[i - 15], 18) ^ (words[i - 15] >>> 3);
    const s1 = turn(words[i - 2], 17) ^ turn(words[i - 2], 19) ^ (words[i - 2] >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i++) {
    const t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + words[i];
    const t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  return [a, b, c, d, e, f, g, h].map((word, i) => ((word + START[i]) >>> 0).toString(16).padStart(8, "0")).join("");
}

const turn = (word, by) => (word >>> by) | (word << (32 - by));

// The first 32 bits behind the point of the cube roots (rounds) and square roots (start) of the first primes.
const PRIMES = Array.from({ length: 310 }, (_, i) => i + 2).filter((n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return true;
});
const bits = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const ROUND = PRIMES.slice(0, 64).map((prime) => bits(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => bits(Math.sqrt(prime)));
