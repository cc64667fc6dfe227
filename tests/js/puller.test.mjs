import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { createHolder } from "../../static/js/door/holder.js";
import { createPuller } from "../../static/js/door/puller.js";
import { memoryVault } from "../../static/js/door/vault.js";

const wait = globalThis.setTimeout;
const KEY = Buffer.alloc(32, 7).toString("base64");
const person = (id, name) => [id, name, "đồng chí", ["Chuyên viên"]];

let server, asked, told, later;

// A stand-in for the server: answers by path; an Error is thrown.
async function network(address) {
  const path = address.replace("/api/door/", "");
  asked.push(path);
  const said = server[path.split("?")[0]];
  if (said instanceof Error) throw said;
  return said.json ? said : { ok: true, status: 200, json: async () => structuredClone(said) };
}

const cut = { ok: true, status: 200, json: async () => JSON.parse('{"version": 11, "people": [[1, "Lê') };
const refusal = (status, said) => ({ ok: false, status, json: async () => said });
const head = (phone = 1) => ({
  server_ms: 5, phone: { id: phone, name: "Máy" }, gate: { id: 2, conference_id: 1, name: "Cửa chính" }, groups: [], inside: 0,
});

beforeEach(() => {
  [asked, told, later] = [[], [], []];
  server = {
    key: { key: KEY, ...head() },
    snapshot: { version: 10, same_thing: [], people: [person(1, "Lê Thị Ví Dụ"), person(2, "Y Mẫu")] },
    changes: { version: 10, people: [], ...head() },
  };
  globalThis.fetch = network;
  globalThis.document = { hidden: false };
  globalThis.setTimeout = (work, after) => (after === 10_000 ? wait(work, after) : later.push([work, after]));
});

afterEach(() => {
  globalThis.setTimeout = wait;
  delete globalThis.document;
});

function phone() {
  const holder = createHolder({ ...memoryVault(), keeps: true });
  const puller = createPuller(holder, {
    pending: () => [],
    onKnown: () => told.push("known"),
    onList: () => told.push("list"),
    onFresh: () => told.push("fresh"),
    onReach: (reached) => told.push(reached ? "reached" : "lost"),
    onRefused: (sentence) => told.push(sentence),
  });
  return { holder, puller };
}

const names = (holder) => holder.roster.rows.map(([, name]) => name);

test("the first visit takes the whole list once and then asks who has changed since", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  await puller.pull();
  assert.deepEqual(told, ["list", "known", "reached", "fresh", "reached", "fresh"]);
  assert.deepEqual([...asked].sort(), ["changes?since=10", "changes?since=10", "key", "snapshot"]);
  assert.deepEqual([names(holder), holder.version], [["Lê Thị Ví Dụ", "Y Mẫu"], 10]);
});

test("changes replace and add, and the next question starts from their version", async () => {
  const { holder, puller } = phone();
  server.changes = { ...head(), version: 14, people: [person(2, "Y Mẫu Hai"), person(3, "A Thí Dụ")] };
  await puller.pull();
  await puller.pull();
  assert.deepEqual([names(holder), asked.at(-1)], [["Lê Thị Ví Dụ", "Y Mẫu Hai", "A Thí Dụ"], "changes?since=14"]);
});

test("an answer that is cut off changes nothing and is asked for again from the same version", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  server.changes = cut;
  await puller.pull();
  assert.deepEqual([names(holder), holder.version, told.at(-1)], [["Lê Thị Ví Dụ", "Y Mẫu"], 10, "lost"]);
  server.changes = { ...head(), version: 11, people: [person(3, "A Thí Dụ")] };
  await puller.pull();
  assert.deepEqual([asked.at(-1), holder.version, told.at(-1)], ["changes?since=10", 11, "fresh"]);
});

test("a change without its people moves no version", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  server.changes = { ...head(), version: 99 };
  await puller.pull();
  assert.deepEqual([names(holder).length, holder.version, told.at(-1)], [2, 10, "lost"]);
});

test("a whole list that is cut off leaves the phone without one, and the next try takes it", async () => {
  const { holder, puller } = phone();
  const whole = server.snapshot;
  server.snapshot = cut;
  await puller.pull();
  assert.deepEqual([holder.version, names(holder), told], [null, [], ["lost"]]);
  server.snapshot = whole;
  await puller.pull();
  assert.deepEqual([holder.version, names(holder).length, told.slice(1)], [10, 2, ["known", "list", "reached", "fresh"]]);
});

test("where the server cannot tell the changes, the whole list comes; an older one is followed by what it lacks", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  server.changes = { ...head(), version: 30, people: null };
  server.snapshot = { version: 8, same_thing: [], people: [person(4, "Vũ Thí Dụ")] };
  await puller.pull();
  assert.deepEqual([names(holder), holder.version], [["Vũ Thí Dụ"], 8]);
  server.changes = { ...head(), version: 31, people: [person(5, "Y Hai")] };
  await puller.pull();
  assert.deepEqual([asked.at(-1), names(holder), holder.version], ["changes?since=8", ["Vũ Thí Dụ", "Y Hai"], 31]);
});

test("a phone that was cut off says so and asks no more", async () => {
  const { puller } = phone();
  server.key = refusal(403, { problem: "Máy này đã bị ngắt." });
  await puller.pull();
  assert.deepEqual([told, later], [["Máy này đã bị ngắt."], []]);
});

test("a phone that was paired anew forgets the list of before", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  server.key = { key: Buffer.alloc(32, 8).toString("base64"), ...head(9) };
  server.changes = { ...head(9), version: 20, people: [] };
  server.snapshot = { version: 20, same_thing: [], people: [person(7, "Vũ Thí Dụ")] };
  await puller.pull();
  assert.deepEqual([holder.head.phone.id, names(holder), holder.version], [9, ["Vũ Thí Dụ"], 20]);
});

test("no network, a stumbling server and a stranger in between are waited for, longer each time", async () => {
  const { holder, puller } = phone();
  await puller.pull();
  for (const answer of [new TypeError("no network"), refusal(503, { problem: "Đợi." }), refusal(404, { title: "portal" })]) {
    server.changes = answer;
    await puller.pull();
  }
  assert.deepEqual([told.slice(4), names(holder).length], [["lost", "lost", "lost"], 2]);
  const pauses = later.slice(-3).map(([, after]) => after);
  pauses.forEach((after, place) => assert.ok(after >= 600 * 2 ** place && after <= 1400 * 2 ** place, `${after} ms`));
});

test("asked twice at once it asks the server once, and a hidden page rests", async () => {
  const { puller } = phone();
  await Promise.all([puller.pull(), puller.pull()]);
  assert.deepEqual([asked.length, later.length], [3, 1]);
  globalThis.document.hidden = true;
  await puller.pull();
  assert.equal(later.length, 1);
});
