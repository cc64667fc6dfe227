import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { ServerClock, duration, hour, lateness, reading, since } from "../../static/js/lib/clock.js";
import { Hold } from "../../static/js/lib/hold.js";
import { differing } from "../../static/js/lib/regions.js";

const cases = JSON.parse(await readFile(new URL("../cases/timers.json", import.meta.url)));

test("the clock of a step says what the server says", () => {
  for (const { elapsed, minutes, ...expected } of cases.reading) assert.deepEqual(reading(elapsed, minutes), expected);
});

test("so does the lateness", () => {
  for (const { seconds, ...expected } of cases.lateness) assert.deepEqual(lateness(seconds), expected);
});

test("the shortest round trip sets the clock, whatever came before or after", () => {
  let now = 1000;
  const clock = new ServerClock(() => now);
  assert.equal(clock.now(), null);
  clock.guess(7_000_000);
  assert.equal(clock.now(), 7_000_000);
  clock.sample(1000, 1400, 5_000_200); // 400 ms on the way
  assert.equal(clock.offset, 4_999_000);
  clock.sample(2000, 2040, 5_001_120); // 40 ms: better
  clock.sample(3000, 3300, 5_002_900); // 300 ms: worse, not taken
  now = 10_000;
  assert.equal(clock.now(), 5_009_100);
  clock.guess(1);
  assert.equal(clock.now(), 5_009_100);
});

test("after doubt the next sample counts", () => {
  const clock = new ServerClock(() => 0);
  clock.sample(0, 10, 1000);
  clock.doubt();
  clock.sample(0, 200, 50_000);
  assert.equal(clock.offset, 49_900);
});

test("a server time far from ours contradicts the clock", () => {
  const clock = new ServerClock(() => 0);
  assert.equal(clock.contradicts(5), false);
  clock.sample(0, 20, 10_010);
  assert.deepEqual([clock.contradicts(11_000), clock.contradicts(13_000), clock.contradicts(7000)], [false, true, true]);
});

test("hours are those of Vietnam, whatever the device thinks", () => {
  const time = Date.UTC(2015, 11, 29, 1, 52, 4);
  assert.deepEqual([hour(time), hour(time, true), since(12_700), duration(3725)], ["08:52", "08:52:04", "00:12", "1:02:05"]);
});

test("a hold counts once, a tap not at all", () => {
  const hold = new Hold();
  hold.begin(0);
  assert.equal(hold.reached(799), false);
  assert.equal(hold.end(), true);
  hold.begin(1000);
  assert.deepEqual([hold.reached(1799), hold.reached(1800), hold.reached(2600), hold.end()], [false, true, false, false]);
});

test("only regions that changed are swapped", () => {
  const known = new Map();
  assert.deepEqual(differing(known, [["a", "1"], ["b", "1"]]), ["a", "b"]);
  assert.deepEqual(differing(known, [["a", "1"], ["b", "2"]]), ["b"]);
});
