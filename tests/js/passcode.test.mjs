import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { digest, grouped, read } from "../../static/js/lib/passcode.js";

const cases = JSON.parse(readFileSync(new URL("../cases/passcodes.json", import.meta.url), "utf8"));
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

for (const { text, code } of cases.read) {
  test(`read ${JSON.stringify(text)}`, () => assert.equal(read(text), code));
}

for (const { code, digest: expected } of cases.digests) {
  test(`digest of ${code}`, () => assert.equal(digest(code), expected));
}

test("digest agrees with node's own SHA-256 on many codes", () => {
  for (let n = 0; n < 500; n++) {
    const code = Array.from({ length: 16 }, (_, i) => ALPHABET[(n * 7 + i * i * 5 + n * i) % 32]).join("");
    assert.equal(digest(code), createHash("sha256").update(`eventmgr pass 1:${code}`).digest("hex"));
  }
});

test("digest refuses what is no code", () => {
  assert.throws(() => digest("0123 4567 89AB CDEF"), /not a pass code/);
});

test("grouped in fours", () => assert.equal(grouped("0123456789ABCDEF"), "0123 4567 89AB CDEF"));
