import assert from "node:assert/strict";
import { test } from "node:test";

import { findIn, fold, keyOf, variantsOf } from "../../static/js/lib/find.js";
import { bestLens } from "../../static/js/lib/lenses.js";
import { digest } from "../../static/js/lib/passcode.js";
import { createRoster } from "../../static/js/lib/roster.js";
import { decide } from "../../static/js/lib/verdict.js";

const CODE = "0123456789ABCDEF";
const DIGITS = digest(CODE).slice(0, 24);
const HEAD = { gate: { conference_id: 1, name: "Cửa chính" }, groupNames: new Map([[6, "Nhóm 6"]]) };
const REVOKED = "2015-12-24T02:00:00+00:00";

function row(id, { name = "A Thí Dụ", passes = [[DIGITS, 1, null, 0]], companionOf = null, entry = null, removed = false } = {}) {
  return [id, name, "đồng chí", ["Trưởng ban"], "Ban Dân tộc", 6, "B-11", "", "none", null, entry, null, companionOf, null, passes, removed];
}

function rosterOf(...rows) {
  const roster = createRoster();
  roster.replace(rows);
  return roster;
}

test("a pass is found by the digest of whatever was read, and gives the facts of the rule", () => {
  const roster = rosterOf(row(3));
  const found = roster.find("HTTPS://H.VN/I/0123456789ABCDEF");
  assert.deepEqual(found, { readable: true, ref: 3, place: 0 });
  const verdict = decide(roster.facts(3, 0, HEAD), HEAD.gate);
  assert.deepEqual([verdict.outcome, verdict.name, verdict.group], ["admitted", "A Thí Dụ", "Nhóm 6"]);
});

test("what is no code and what this phone does not hold are two things", () => {
  const roster = rosterOf(row(3));
  assert.deepEqual(["WIFI:S:Khach;;", "FFFF FFFF FFFF FFFF"].map((text) => [roster.find(text).readable, roster.find(text).ref]), [
    [false, null], [true, null],
  ]);
});

test("a short row stands for empty ends", () => {
  const roster = rosterOf([4, "Y Mẫu", "bà"]);
  const { posts, seat, reply, passes } = roster.person(4);
  assert.deepEqual([posts, seat, reply, passes], [[], "", "none", []]);
  assert.equal(decide(roster.facts(4, undefined, HEAD), HEAD.gate).outcome, "not_issued");
});

test("a revoked pass stays known beside the one that replaced it; found by name the good one counts", () => {
  const other = digest("FFFFFFFFFFFFFFFF").slice(0, 24);
  const roster = rosterOf(row(3, { passes: [[DIGITS, 1, REVOKED, 1], [other, 1, null, 0]] }));
  const outcomes = [roster.facts(3, 0, HEAD), roster.facts(3, 1, HEAD), roster.facts(3, undefined, HEAD)].map(
    (facts) => decide(facts, HEAD.gate).outcome,
  );
  assert.deepEqual(outcomes, ["revoked", "admitted", "admitted"]);
});

test("who was removed is not found by name, but the pass says that it is revoked", () => {
  const roster = rosterOf(row(3, { passes: [[DIGITS, 1, REVOKED, 0]], removed: true }));
  assert.equal(roster.facts(3, undefined, HEAD), null);
  assert.equal(decide(roster.facts(3, 0, HEAD), HEAD.gate).outcome, "revoked");
});

test("what the phone has seen holds until the row comes anew", () => {
  const roster = rosterOf(row(3));
  roster.see(3, { entry: { at: "2015-12-29T00:12:00Z", gate: "Cửa bên", name: "A Thí Dụ" }, left_at: null, hold: null });
  const before = decide(roster.facts(3, 0, HEAD), HEAD.gate).outcome;
  roster.put([row(3)]);
  assert.deepEqual([before, decide(roster.facts(3, 0, HEAD), HEAD.gate).outcome], ["already_in", "admitted"]);
});

test("a changed row brings new passes and takes old ones away", () => {
  const roster = rosterOf(row(3));
  const other = digest("FFFFFFFFFFFFFFFF").slice(0, 24);
  roster.put([row(3, { passes: [[other, 1, null, 0]] })]);
  assert.deepEqual([roster.find(CODE).ref, roster.find("FFFFFFFFFFFFFFFF").ref, roster.size], [null, 3, 1]);
});

test("companions are named on both sides", () => {
  const roster = rosterOf(row(3), row(5, { name: "Y Mẫu", passes: [], companionOf: 3 }));
  assert.deepEqual(roster.companions(3).map((one) => one.id), [5]);
  assert.equal(roster.facts(5, undefined, HEAD).companion_of, "đồng chí A Thí Dụ");
});

test("a guest in no list can be found, leave and come back", () => {
  const roster = rosterOf();
  roster.addGuest("key-1", { full_name: "Trần Văn Mẫu", address_form: "ông", post: "Chuyên viên", body: "Sở Nội vụ" });
  roster.see("key-1", { entry: null, left_at: "2015-12-29T00:40:00Z", hold: null });
  const verdict = decide(roster.facts("key-1", undefined, HEAD), HEAD.gate);
  assert.deepEqual([verdict.outcome, verdict.note, verdict.group], ["admitted", "Vào lại.", "Khách đăng ký tại cửa"]);
  roster.dropGuest("key-1");
  assert.deepEqual(roster.guests, []);
});

const PEOPLE = [
  { id: 1, name: "Nguyễn Thị Đông", posts: ["Chủ tịch"], body: "UBND huyện Đăk Hà" },
  { id: 2, name: "Lê Văn Hà", posts: ["Chuyên viên"], body: "Sở Nội vụ" },
  { id: 3, name: "", posts: ["Giám đốc"], body: "Sở Y tế", substitute: { name: "Y Ví Dụ", posts: ["Phó Giám đốc"] } },
];
const SAME = [["ubnd", "uy ban nhan dan"]];
const search = (query) => findIn(PEOPLE.map((one) => [one.id, keyOf(one)]), query, SAME);

test("names, posts, bodies, initials and substitutes are found without diacritics, in any order", () => {
  const asked = ["dong nguyen", "NTĐ", "giam doc y te", "y vi du", "dak ha", "zz", "đ", "ha"];
  assert.deepEqual(asked.map(search), [[1], [1], [3], [3], [1], [], [], [2, 1]]);
});

test("an abbreviation finds what it stands for, and the other way round", () => {
  assert.deepEqual([search("uy ban nhan dan dak"), search("ubnd dak")], [[1], [1]]);
  assert.deepEqual(variantsOf("UBND Đăk", SAME), [["ubnd", "dak"], ["uy", "ban", "nhan", "dan", "dak"]]);
});

test("decomposed letters and odd signs fold like the others", () => {
  assert.equal(fold("Đa\u0306k  Ha\u0300 (LĐ-TB&XH) O’Mẫu"), "dak ha ld tb xh omau");
});

test("of several lenses the plain one at the back is chosen, and a good one stays", () => {
  const android = ["camera2 1, facing front", "camera2 2, facing back", "camera2 0, facing back"].map((label, id) => ({ deviceId: `a${id}`, label }));
  const apple = ["Front Camera", "Back Ultra Wide Camera", "Back Camera"].map((label, id) => ({ deviceId: `b${id}`, label }));
  const laptop = [{ deviceId: "c0", label: "HD Webcam" }, { deviceId: "c1", label: "USB Camera" }];
  assert.deepEqual(
    [bestLens(android, "a1"), bestLens(android, "a2"), bestLens(apple, "b1"), bestLens(apple, "b2"), bestLens(laptop, "c1"), bestLens([], "x")],
    ["a2", null, "b2", null, null, null],
  );
});
