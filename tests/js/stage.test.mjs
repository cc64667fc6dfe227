import assert from "node:assert/strict";
import { test } from "node:test";

import { Remote } from "../../static/js/lib/remote.js";
import { Waiting } from "../../static/js/lib/waiting.js";

test("the first key of a remote asks, the second does it", () => {
  const remote = new Remote();
  assert.deepEqual([remote.key(0, "4"), remote.key(1000, "4"), remote.key(2000, "4")], [false, true, false]);
});

test("keys that bounce, come too late or on another screen are first keys again", () => {
  const remote = new Remote();
  assert.deepEqual([remote.key(0, "4"), remote.key(100, "4"), remote.key(250, "4"), remote.key(400, "4")], [false, false, false, true]);
  assert.deepEqual([remote.key(1000, "4"), remote.key(5000, "4")], [false, false]);
  assert.deepEqual([remote.key(6000, "5"), remote.key(7000, "5")], [false, true]);
});

test("a press waits for a minute, by whichever clock says so first", () => {
  const waiting = new Waiting();
  const press = {};
  waiting.take(press, 1000, 500_000);
  waiting.take(press, 30_000, 530_000); // tried again: no more time for that
  assert.deepEqual([waiting.expired(60_000, 559_000), waiting.left(31_000)], [false, 30]);
  assert.equal(waiting.expired(61_001, 500_000), true);
  assert.equal(waiting.expired(2000, 561_000), true); // the device slept
  waiting.settle();
  assert.deepEqual([waiting.press, waiting.expired(1e9, 1e9)], [null, false]);
});
