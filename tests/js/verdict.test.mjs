import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { decide, decideExit, decideHold, decideNaming, decideWalkIn } from "../../static/js/lib/verdict.js";

const { cases } = JSON.parse(readFileSync(new URL("../cases/verdicts.json", import.meta.url), "utf8"));
const RULES = {
  entry: (one) => decide(one.pass, one.gate, one.scan),
  exit: (one) => decideExit(one.pass, one.gate, one.scan),
  hold: (one) => decideHold(one.pass, one.gate, one.scan, one.reason),
  named: (one) => decideNaming(one.pass, one.gate, one.scan, one.person),
  walk_in: (one) => decideWalkIn(one.walk_in, one.gate),
};

for (const one of cases) {
  test(one.name, () => assert.deepEqual(RULES[one.kind ?? "entry"](one), one.verdict));
}
