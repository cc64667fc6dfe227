import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { kindOf, obstacle, troubleOf } from "../../static/js/lib/camera-trouble.js";
import { createHeld } from "../../static/js/lib/held.js";
import { createOutbox, patience } from "../../static/js/lib/outbox.js";
import { offsetOf } from "../../static/js/lib/phone-clock.js";
import { newScanKey } from "../../static/js/lib/scan-key.js";
import { aboutOf, viewOf } from "../../static/js/lib/verdict-view.js";
import { decide } from "../../static/js/lib/verdict.js";
import { createWedge, plainKey } from "../../static/js/lib/wedge.js";

const CODE = "HTTPS://H.VN/I/0123456789ABCDEF";

function type(wedge, text, gap, start = 0) {
  return [...text, "Enter"].map((key, place) => wedge.key(key, start + place * gap)).at(-1);
}

test("keys that come fast and end with Enter are a scan", () => {
  assert.equal(type(createWedge(), CODE, 8), CODE);
});

test("a person's typing is no scan, not even the end of it", () => {
  const wedge = createWedge();
  assert.deepEqual([type(wedge, CODE, 140), type(wedge, "abc", 8, 90_000)], [null, null]);
});

test("what a person typed before does not get into the scan", () => {
  const wedge = createWedge();
  for (const [place, key] of [..."le thi"].entries()) wedge.key(key, place * 150);
  assert.equal(type(wedge, CODE, 8, 5000), CODE);
});

test("Shift adds nothing and two scans do not run together", () => {
  const wedge = createWedge();
  const keys = [..."ABCD-EFGH"].flatMap((key) => ["Shift", key]);
  keys.forEach((key, place) => wedge.key(key, place * 5));
  assert.deepEqual([wedge.key("Tab", keys.length * 5), type(wedge, CODE, 5, 1000)], ["ABCD-EFGH", CODE]);
});

test("an input method cannot change what a scanner types", () => {
  assert.deepEqual(
    [
      plainKey({ key: "Process", code: "KeyD", shiftKey: true }), plainKey({ key: "đ", code: "KeyD" }),
      plainKey({ key: "Unidentified", code: "Digit7" }), plainKey({ key: "Process", code: "Slash" }),
      plainKey({ key: "Process", code: "Semicolon", shiftKey: true }), plainKey({ key: "A", code: "KeyQ" }),
      plainKey({ key: "Enter", code: "Enter" }),
    ],
    ["D", "d", "7", "/", ":", "A", "Enter"],
  );
});

test("a code held in view is one scan, however long and though frames miss it", () => {
  const held = createHeld();
  const seen = [0, 100, 200, 1200, 2600, 4000, 5400, 60_000 - 54_000];
  assert.deepEqual(seen.map((now) => held.isNew("A", now)), [true, ...Array(7).fill(false)]);
});

test("a code that left the view and comes back counts again, but not within three seconds", () => {
  const held = createHeld();
  assert.deepEqual([0, 1600, 3600].map((now) => held.isNew("A", now)), [true, false, true]);
});

test("another code counts at once, and the first one after it as well", () => {
  const held = createHeld();
  assert.deepEqual([["A", 0], ["B", 100], ["A", 200]].map(([code, now]) => held.isNew(code, now)), [true, true, true]);
});

const waiting = (...keys) => keys.map((scan_key) => ({ scan: { scan_key }, conference_id: 1 }));

test("a scan leaves the outbox only when its own receipt says that it is stored", () => {
  const outbox = createOutbox();
  const [a, b, c] = waiting("a", "b", "c");
  [a, b, c].forEach(outbox.add);
  const settled = outbox.settle([{ scan_key: "b", stored: true }, { scan_key: "x", stored: true }, { scan_key: "b", stored: true }]);
  assert.deepEqual(settled, [{ record: b, receipt: { scan_key: "b", stored: true }, gone: true }]);
  assert.deepEqual([outbox.size, outbox.next(1)], [2, [a, c]]);
});

test("a scan that the server cannot read is set aside, kept, and holds up nothing", () => {
  const outbox = createOutbox(waiting("a", "b"));
  const [settled] = outbox.settle([{ scan_key: "a", problem: "Giờ quét chưa đúng." }]);
  assert.deepEqual([settled.gone, outbox.size, outbox.next(1).map((one) => one.scan.scan_key)], [false, 2, ["b"]]);
  assert.deepEqual(outbox.all.map((one) => one.problem), ["Giờ quét chưa đúng.", undefined]);
});

test("scans of another conference wait until the phone is there again", () => {
  const outbox = createOutbox([...waiting("a"), { scan: { scan_key: "b" }, conference_id: 2 }]);
  assert.deepEqual([1, 2, 3].map((id) => outbox.next(id).map((one) => one.scan.scan_key)), [["a"], ["b"], []]);
});

test("a parcel that is too large is halved until one scan is left, and grows again with success", () => {
  const outbox = createOutbox(waiting(..."abcdefgh"));
  const sizes = [outbox.next(1).length];
  while (outbox.halve()) sizes.push(outbox.next(1).length);
  outbox.settle([{ scan_key: "a", stored: true }]);
  assert.deepEqual([sizes, outbox.next(1).length], [[8, 8, 8, 6, 3, 1], 2]);
});

test("failures make the phone more patient, up to ten seconds, and no two phones alike", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 50].map((failures) => patience(failures)), [1000, 2000, 4000, 8000, 10_000, 10_000]);
  assert.deepEqual([0, 1].map((chance) => patience(1, chance)), [600, 1400]);
});

test("the clock's offset comes from the quickest answer", () => {
  const samples = [
    { sent: 0, received: 900, server: 10_000 }, { sent: 1000, received: 1040, server: 8020 },
    { sent: 5000, received: 4000, server: 99_999 },
  ];
  assert.deepEqual([offsetOf(samples), offsetOf([])], [7000, 0]);
});

test("scan keys differ, and can be made without https", () => {
  const plain = { getRandomValues: (bytes) => bytes.fill(171) };
  assert.equal(newScanKey(plain), "ab".repeat(16));
  assert.notEqual(newScanKey(webcrypto), newScanKey(webcrypto));
});

test("every failure of the camera has a sentence and a next step of its own", () => {
  const names = ["NotAllowedError", "NotFoundError", "NotReadableError", "SomethingNewError"];
  assert.deepEqual(names.map((name) => kindOf({ name })), ["blocked", "missing", "busy", "other"]);
  const camera = { getUserMedia() {} };
  assert.deepEqual(
    [
      obstacle({ isSecureContext: false, mediaDevices: undefined }), obstacle({ isSecureContext: true, mediaDevices: {} }),
      obstacle({ isSecureContext: true, mediaDevices: camera }),
    ],
    ["insecure", "unsupported", null],
  );
  const kinds = ["blocked", "missing", "busy", "insecure", "unsupported", "reader", "lost", "other"];
  const told = kinds.map(troubleOf);
  assert.equal(new Set(told.map((one) => one.what)).size, kinds.length);
  assert.deepEqual(told.map((one) => one.retry), [true, true, true, false, false, true, true, true]);
});

const GATE = { conference_id: 1, name: "Cửa chính", group_ids: [], open: true };
const FACTS = {
  conference_id: 1, name: "A Thí Dụ", posts: ["Trưởng Ban Dân tộc tỉnh"], body: "Ban Dân tộc tỉnh", group: "Nhóm 6",
  seat: "B-11", issued: true,
};
const words = (view) => view.buttons.map((button) => button.word);

test("green shows seat and group, and offers to undo or to go on", () => {
  const view = viewOf(decide(FACTS, GATE));
  assert.deepEqual([view.tone, view.word, view.name, view.about], ["go", "Mời vào", "A Thí Dụ", "Trưởng Ban Dân tộc tỉnh"]);
  assert.deepEqual(view.facts, [{ label: "Ghế", value: "B-11", figure: true }, { label: "Nhóm", value: "Nhóm 6" }]);
  assert.deepEqual(words(view), ["Hoàn tác", "Việc khác", "Quét tiếp"]);
});

test("a body that the posts do not name stands beside them", () => {
  assert.equal(viewOf(decide({ ...FACTS, posts: ["Trưởng ban"] }, GATE)).about, "Trưởng ban · Ban Dân tộc tỉnh");
});

test("a post without a name stands where the name would", () => {
  const view = viewOf(decide({ ...FACTS, name: "" }, GATE));
  assert.deepEqual([view.name, view.about], ["Trưởng Ban Dân tộc tỉnh", ""]);
  assert.equal(view.facts.at(-1).value, "Giấy mời chỉ ghi chức vụ: mời vào, rồi ghi họ tên người đến.");
  assert.deepEqual(words(view), ["Ghi họ tên người đến", "Hoàn tác", "Việc khác", "Quét tiếp"]);
});

test("already in says when on the country's clock and where, and offers to let in again", () => {
  const view = viewOf(decide({ ...FACTS, entry: { at: "2015-12-29T00:12:00+00:00", gate: "Cửa bên" } }, GATE));
  assert.deepEqual(view.facts, [
    { label: "Đã vào lúc", value: "07:12", figure: true }, { label: "Cửa", value: "Cửa bên" },
  ]);
  assert.deepEqual(words(view), ["Cho vào lại", "Ghi ra ngoài", "Việc khác", "Quét tiếp"]);
});

test("two answers take the places of one answer and the search", () => {
  const substitute = { name: "Y Ví Dụ", posts: [], approved: true };
  assert.deepEqual(words(viewOf(decide({ ...FACTS, substitute }, GATE))), ["Đúng, mời vào", "Chính đại biểu đến", "Việc khác", "Quét tiếp"]);
});

test("red tells the day of revoking and leads to the search first", () => {
  const view = viewOf(decide({ ...FACTS, revoked_at: "2015-12-24T02:00:00+00:00" }, GATE));
  assert.deepEqual(view.facts[0], { label: "Thu hồi", value: "24/12", figure: true });
  assert.deepEqual(view.buttons.map((button) => [button.word, button.main]), [["Tìm theo tên", true], ["Quét tiếp", false]]);
});

test("a typed code that is in no list is compared with the paper before anybody is sent away", () => {
  const view = viewOf(decide(null, GATE), { typed: true });
  assert.equal(view.say, "So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời sang bàn đón tiếp.");
  assert.deepEqual(view.buttons.map((button) => [button.word, button.main]), [
    ["Sửa mã", true], ["Tìm theo tên", false], ["Quét tiếp", false],
  ]);
  assert.deepEqual(words(viewOf(decide(null, GATE))), ["Tìm theo tên", "Quét tiếp"]);
});

test("a pass that this phone does not hold is amber, and says how old the list is", () => {
  const list = { at: Date.UTC(2015, 11, 29, 0, 5), size: 98 };
  const view = viewOf(decide(null, GATE, { on_phone: true }), { list });
  assert.deepEqual([view.tone, view.word], ["ask", "Máy này chưa có mã đó"]);
  assert.deepEqual(view.facts, [{ label: "Danh sách trên máy", value: "lúc 07:05, 98 đại biểu", wide: true }]);
  assert.deepEqual(words(view), ["Tìm theo tên", "Khách chưa có tên", "Quét tiếp"]);
});

test("who comes with the one let in is one tap away", () => {
  const view = viewOf(decide(FACTS, GATE), { companions: [{ id: 7, name: "Y Mẫu" }] });
  assert.deepEqual(view.buttons[0], { act: "companion:7", word: "Mời cả người đi cùng: Y Mẫu", main: false, wide: true });
});

test("somebody held is not let in by the button that invites a tap", () => {
  const hold = { at: "2015-12-29T00:10:00+00:00", gate: "Cửa bên", reason: "Ảnh không khớp" };
  const view = viewOf(decide({ ...FACTS, hold }, GATE));
  assert.deepEqual(view.buttons.filter((one) => one.main).map((one) => one.act), ["scan"]);
  assert.deepEqual(view.facts.at(-1), { label: "Vì sao", value: "Ảnh không khớp", wide: true });
});

test("an unjudged substitute is not let in by the button that invites a tap", () => {
  const { buttons } = viewOf({ outcome: "substitute_waiting", tone: "ask", word: "Mời chờ", say: "", offers: ["in_person"] });
  assert.deepEqual(buttons.filter((one) => one.main).map((one) => one.act), ["scan"]);
});

test("a hit says the body once, whether the post or the group names it", () => {
  const posts = ["Phó Chủ tịch HĐND tỉnh"];
  const body = "Thường trực HĐND tỉnh";
  const told = [
    { name: "A Thí Dụ", posts, body, group: "Thường trực HĐND tỉnh" },
    { name: "A Thí Dụ", posts: ["Trưởng Ban Dân tộc tỉnh"], body: "Ban Dân tộc tỉnh", group: "Nhóm 6" },
    { name: "A Thí Dụ", posts: ["Giám đốc"], body: "Sở Y tế", group: "Nhóm 6" },
    { name: "", posts: ["Giám đốc Sở Y tế"], body: "Sở Y tế", group: "Nhóm 6" },
    { name: "A Thí Dụ", posts: [], body: "", group: "" },
  ].map(aboutOf);
  assert.deepEqual(told, [
    "Phó Chủ tịch HĐND tỉnh · Thường trực HĐND tỉnh", "Trưởng Ban Dân tộc tỉnh · Nhóm 6", "Giám đốc · Sở Y tế · Nhóm 6", "Nhóm 6", "",
  ]);
});
