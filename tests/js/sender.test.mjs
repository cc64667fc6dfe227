import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { createSender } from "../../static/js/door/sender.js";
import { createOutbox } from "../../static/js/lib/outbox.js";

const wait = globalThis.setTimeout;
let asked, answers, told, timers;

// A stand-in for the network: takes its answers from `answers` in order, keeps what was asked.
async function network(path, { body }) {
  const keys = JSON.parse(body).map((scan) => scan.scan_key);
  asked.push(keys);
  const answer = answers.shift()?.(keys) ?? stored(keys);
  if (answer instanceof Error) throw answer;
  return answer;
}

const reply = (status, said) => ({ ok: status < 400, status, json: async () => said });
const stored = (keys) => reply(200, { results: keys.map((scan_key) => ({ scan_key, stored: true })) });

function phone(count, conference = 1) {
  const records = Array.from({ length: count }, (_, place) => ({ conference_id: 1, scan: { scan_key: `k${place}` } }));
  const outbox = createOutbox(records);
  const sender = createSender({ outbox, settle: async (results) => outbox.settle(results) }, {
    conference: () => conference,
    onSettled: (settled) => told.push(["settled", settled.length]),
    onReach: (reached) => told.push(["reach", reached]),
    onRefused: (sentence) => told.push(["refused", sentence]),
    onChange: () => {},
  });
  return { outbox, sender };
}

async function until(condition) {
  for (let turn = 0; turn < 1000 && !condition(); turn += 1) await new Promise((go) => wait(go, 1));
  assert.ok(condition());
}

beforeEach(() => {
  [asked, answers, told, timers] = [[], [], [], []];
  globalThis.fetch = network;
  globalThis.setTimeout = (work, after) => {
    timers.push(after);
    return wait(work, after === 10_000 ? after : 0); // patience costs the test nothing, the ten seconds of a call stay
  };
});

afterEach(() => {
  globalThis.setTimeout = wait;
});

test("everything goes in order, in parcels of fifty, and only receipts empty the queue", async () => {
  const { outbox, sender } = phone(120);
  await sender.send();
  assert.deepEqual(asked.map((keys) => keys.length), [50, 50, 20]);
  assert.deepEqual(asked.flat(), Array.from({ length: 120 }, (_, place) => `k${place}`));
  assert.equal(outbox.size, 0);
});

test("without an answer the same keys are sent again, and nothing is lost meanwhile", async () => {
  const { outbox, sender } = phone(3);
  answers = [() => new TypeError("no network"), () => reply(503, { problem: "Đợi một chút." }), () => reply(429, {})];
  await sender.send();
  assert.equal(outbox.size, 3);
  await until(() => outbox.size === 0);
  assert.deepEqual(asked, [["k0", "k1", "k2"], ["k0", "k1", "k2"], ["k0", "k1", "k2"], ["k0", "k1", "k2"]]);
  assert.deepEqual(told.filter(([what]) => what === "reach").map(([, reached]) => reached), [false, false, false, true]);
});

test("the pauses between tries grow", async () => {
  const { outbox, sender } = phone(1);
  answers = Array.from({ length: 4 }, () => () => new TypeError("no network"));
  await sender.send();
  await until(() => outbox.size === 0);
  const pauses = timers.filter((after) => after !== 10_000 && after > 0);
  assert.equal(pauses.length, 4);
  pauses.forEach((after, place) => {
    assert.ok(after >= 600 * 2 ** place && after <= 1400 * 2 ** place, `${after} ms before try ${place + 2}`);
  });
});

test("what somebody between answers in other words is no refusal", async () => {
  const { outbox, sender } = phone(1);
  answers = [() => reply(404, { title: "captive portal" }), () => ({ ok: true, status: 200, json: async () => JSON.parse("<html>") })];
  await sender.send();
  await until(() => outbox.size === 0);
  assert.deepEqual(asked, [["k0"], ["k0"], ["k0"]]);
});

test("a parcel that the server never takes is halved until the scan at fault stands alone and holds up nobody", async () => {
  const { outbox, sender } = phone(8);
  const refusing = (keys) => (keys.includes("k2") ? reply(413, { problem: "Quá lớn." }) : stored(keys));
  answers = Array.from({ length: 40 }, () => refusing);
  await sender.send();
  assert.deepEqual(outbox.all.map((one) => [one.scan.scan_key, one.problem]), [["k2", "Quá lớn."]]);
  const taken = asked.filter((keys) => !keys.includes("k2")).flat();
  assert.deepEqual([...taken].sort(), ["k0", "k1", "k3", "k4", "k5", "k6", "k7"]);
  assert.equal(new Set(taken).size, taken.length);
});

test("a phone that was cut off stops, says so, and keeps its scans", async () => {
  const { outbox, sender } = phone(2);
  answers = [() => reply(403, { problem: "Máy này đã bị ngắt." })];
  await sender.send();
  assert.deepEqual(told, [["refused", "Máy này đã bị ngắt."]]);
  assert.deepEqual([outbox.size, asked.length], [2, 1]);
});

test("scans of another conference stay on the phone", async () => {
  const { outbox, sender } = phone(2, 7);
  await sender.send();
  assert.deepEqual([outbox.size, asked], [2, []]);
});

test("asked twice at once it sends each scan once", async () => {
  const { outbox, sender } = phone(4);
  await Promise.all([sender.send(), sender.send(), sender.send()]);
  await until(() => outbox.size === 0);
  assert.deepEqual(asked, [["k0", "k1", "k2", "k3"]]);
});
