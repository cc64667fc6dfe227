import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decide } from "../../static/js/lib/verdict.js";

const { cases } = JSON.parse(readFileSync(new URL("../cases/verdicts.json", import.meta.url), "utf8"));

for (const { name, pass, gate, scan, verdict } of cases) {
  test(name, () => assert.deepEqual(decide(pass, gate, scan), verdict));
}
