import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { createHolder } from "../../static/js/door/holder.js";
import { memoryVault } from "../../static/js/door/vault.js";

const KEY = Buffer.alloc(32, 7).toString("base64");
const HEAD = { phone: { id: 1, name: "Máy của Thu" }, gate: { id: 2, conference_id: 1, name: "Cửa chính" }, groups: [[6, "Các sở"]] };
const person = (id, name) => [id, name, "đồng chí", ["Chuyên viên"]];
const WHOLE = { version: 10, same_thing: ["ubnd = uy ban nhan dan"], people: [person(1, "Lê Thị Ví Dụ"), person(2, "Y Mẫu")] };

let vault, writes, refuse;

// A disk that keeps what is written until the test looks at it, or refuses to.
beforeEach(() => {
  [writes, refuse] = [[], false];
  const inner = memoryVault();
  vault = {
    ...inner,
    keeps: true,
    async write(steps) {
      if (refuse) throw new Error("the disk is full");
      writes.push(steps);
      return inner.write(steps);
    },
  };
});

async function filled() {
  const holder = createHolder(vault);
  await holder.take({ ...HEAD, key: KEY });
  await holder.replace(WHOLE, 1000);
  return holder;
}

const names = (holder) => holder.roster.rows.map(([, name]) => name);
const changed = (version, ...people) => ({ ...HEAD, version, people });

async function reopened() {
  const holder = createHolder(vault);
  return [await holder.open(), names(holder), holder.version];
}

test("the list and its changes outlive a reload, and no name lies readable on the disk", async () => {
  const holder = await filled();
  await holder.change(changed(11, person(2, "Y Mẫu Hai"), person(3, "A Thí Dụ")), 2000);
  assert.deepEqual(await reopened(), [true, ["Lê Thị Ví Dụ", "Y Mẫu Hai", "A Thí Dụ"], 11]);
  const again = createHolder(vault);
  await again.open();
  assert.deepEqual([again.head.groupNames.get(6), again.sameThing, again.at], ["Các sở", WHOLE.same_thing, 2000]);
  for (const [, { text }] of await vault.all("list")) assert.equal(Buffer.from(text).includes("Mẫu"), false);
});

test("without its key the list is nothing, and with another key neither", async () => {
  await filled();
  const kept = await vault.get("keys", "list");
  await vault.write([["delete", "keys", "list"]]);
  assert.deepEqual(await reopened(), [false, [], 10]);
  const other = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await vault.write([["put", "keys", "list", other]]);
  assert.deepEqual(await reopened(), [false, [], null]);
  await vault.write([["put", "keys", "list", kept]]);
  assert.deepEqual(await reopened(), [true, ["Lê Thị Ví Dụ", "Y Mẫu"], 10]);
});

test("a change that is torn on the disk opens no half list: the phone asks for the whole", async () => {
  const holder = await filled();
  await holder.change(changed(11, person(3, "A Thí Dụ")), 2000);
  const [[, sealed]] = (await vault.all("list")).slice(1);
  await vault.write([["put", "list", 1, { ...sealed, text: sealed.text.slice(0, -1) }]]);
  assert.deepEqual(await reopened(), [false, [], null]);
});

test("a list that never came whole opens as none", async () => {
  const holder = createHolder(vault);
  await holder.take({ ...HEAD, key: KEY });
  assert.deepEqual([holder.version, ...(await reopened())], [null, false, [], null]);
});

test("a disk that refuses leaves the list in memory, good for this visit", async () => {
  const holder = await filled();
  refuse = true;
  await holder.change(changed(11, person(3, "A Thí Dụ")), 2000);
  await holder.replace({ ...WHOLE, version: 12, people: [person(4, "Vũ Thí Dụ")] }, 3000);
  assert.deepEqual([names(holder), holder.version], [["Vũ Thí Dụ"], 12]);
  refuse = false;
  assert.deepEqual(await reopened(), [true, ["Lê Thị Ví Dụ", "Y Mẫu"], 10]); // older, and its version says so
});

test("wiping takes key, list and whose phone it was, also where the disk refuses for the moment", async () => {
  const holder = await filled();
  await holder.wipe();
  assert.deepEqual(
    [names(holder), holder.head, await vault.all("list"), await vault.get("keys", "list"), await vault.get("notes", "session")],
    [[], null, [], undefined, undefined],
  );
  const other = await filled();
  refuse = true;
  await other.wipe();
  assert.deepEqual([names(other), other.head, other.version], [[], null, null]);
});

test("a browser that keeps nothing holds the list in memory and writes nothing", async () => {
  vault.keeps = false;
  const holder = await filled();
  await holder.change(changed(11, person(3, "A Thí Dụ")), 2000);
  assert.deepEqual([names(holder).length, writes, await createHolder(vault).open()], [3, [], false]);
});

test("many changes become one list again, and a look that brought nothing writes at most once a minute", async () => {
  const holder = await filled();
  for (let version = 11; version < 60; version += 1) await holder.change(changed(version, person(version, `Người ${version}`)), 2000);
  assert.ok((await vault.all("list")).length <= 41);
  assert.deepEqual([await reopened(), names(holder).length], [[true, names(holder), 59], 51]);
  const before = writes.length;
  await holder.change(changed(59), 2100);
  assert.equal(writes.length, before);
  await holder.change(changed(59), 70_000);
  assert.equal(writes.length, before + 1);
});
