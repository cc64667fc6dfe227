// The scanner page. Camera, hand scanner, typed code, photo and search lead to one way in; this phone decides, at once and
// without network; what it has decided is on its disk before the screen shows it, and goes to the server when it can.
import { createActs } from "../door/acts.js";
import { createDesk } from "../door/desk.js";
import { createDevice } from "../door/device.js";
import { createEye } from "../door/eye.js";
import { mountFinder } from "../door/finder.js";
import { createFlow } from "../door/flow.js";
import { listenToHandScanner } from "../door/hand-scanner.js";
import { createHolder } from "../door/holder.js";
import { createPuller } from "../door/puller.js";
import { openQueue } from "../door/queue.js";
import { createScreen } from "../door/screen.js";
import { createSender } from "../door/sender.js";
import { post } from "../door/server.js";
import { batteryLeft, listenForFirstTouch } from "../door/signals.js";
import { openVault } from "../door/vault.js";
import { keepFiles } from "../door/version.js";
import { troubleOf } from "../lib/camera-trouble.js";
import { offsetOf } from "../lib/phone-clock.js";

const PRESENCE = 20_000;
const NOT_KEPT = "Trình duyệt này không cho lưu lượt quét. Vẫn quét được, nhưng giữ trang mở cho đến khi gửi hết.";

export async function mount(root) {
  const screen = createScreen(root);
  screen.show("scan");
  const vault = await openVault();
  const holder = createHolder(vault);
  const queue = await openQueue(vault);
  const samples = [];
  let reachable = true;

  const moment = () => ({ scanned_at: new Date().toISOString(), offset_ms: offsetOf(samples) });
  const change = () => screen.chip({ unsent: queue.outbox.size + queue.unreadable, reachable });
  const desk = createDesk(holder, queue, moment, () => {
    change();
    if (!queue.isKept) screen.notice(NOT_KEPT);
    sender.send();
  });
  const flow = createFlow(root, { desk, holder, screen, isReady: () => holder.version !== null || !reachable });
  const sender = createSender(queue, {
    conference: () => (confirmed ? holder.head.gate.conference_id : null),
    onSettled: flow.settled,
    onReach: reach,
    onRefused: stop,
    onChange: change,
  });
  let confirmed = false; // whether the server has said in this visit whose phone this is
  const puller = createPuller(holder, {
    pending: () => queue.outbox.all,
    onKnown() {
      confirmed = true;
      sender.send();
      presence();
    },
    onList: ready,
    onFresh: fresh,
    onReach: reach,
    onRefused: stop,
  });
  const finder = mountFinder(root, holder, { onChoose: flow.choose });
  const { wasm, worker } = root.dataset;
  const eye = createEye(root.querySelector("video"), { wasm, worker }, {
    isLooking: flow.isLooking,
    onCode: (code, at) => flow.scan(code, "camera", at),
    onOpen: opened,
    onTrouble: (kind) => screen.trouble(troubleOf(kind)),
  });
  const device = createDevice({ eye, flow, holder, queue, screen, isReachable: () => reachable, onLeft: stop });

  function reach(reached, sample = null) {
    if (sample) samples.push(sample);
    if (samples.length > 20) samples.shift();
    if (reached === reachable) return;
    reachable = reached;
    change();
    if (reached) sender.send();
  }

  function fresh(before) {
    // What this phone has seen and the server may not have counted yet still holds here.
    const records = [...new Set([...before, ...queue.outbox.all])];
    own(records);
    for (const { key } of holder.roster.guests) {
      if (!records.some((record) => record.scan.scan_key === key)) holder.roster.dropGuest(key);
    }
    screen.head(holder.head);
    finder.prepare();
    if (holder.head.is_over && !queue.outbox.size) stop("Hội nghị đã kết thúc. Danh sách đại biểu trên máy đã xóa.");
  }

  function own(records) {
    for (const { scan, ref, after } of records) {
      if (scan.walk_in && !holder.roster.person(scan.scan_key)) holder.roster.addGuest(scan.scan_key, scan.walk_in);
      if (after) holder.roster.see(ref, after);
    }
  }

  // From now on every scan is decided here; what this phone has not sent yet still holds.
  function ready() {
    own(queue.outbox.all);
    screen.head(holder.head);
    performance.mark("list");
  }

  async function stop(sentence) {
    confirmed = false;
    flow.stop();
    eye.close();
    puller.stop();
    screen.stopped(sentence, queue.outbox.all);
    await holder.wipe();
  }

  async function opened(camera) {
    screen.trouble(null);
    screen.at("[data-hint]").textContent = "Đưa mã vào khung";
    for (const [act, has] of [["torch", camera.hasTorch], ["zoom", camera.zooms]]) {
      screen.at(`[data-act=${act}]`).hidden = !has;
      screen.at(`[data-act=${act}]`).setAttribute("aria-pressed", "false");
    }
    screen.at("[data-act=zoom]").dataset.zooms = JSON.stringify(camera.zooms);
    screen.at("[data-act=camera]").hidden = !(await camera.others()).length;
  }

  // Tells the server how this phone is.
  async function presence() {
    if (!confirmed || document.hidden || holder.at === null) return;
    const at = new Date(holder.at + offsetOf(samples)).toISOString();
    const told = { unsent: queue.outbox.size, snapshot: String(holder.version), snapshot_at: at, battery: await batteryLeft() };
    await post("presence", told).catch(() => {});
  }

  createActs(root, { device, eye, finder, flow, holder, queue, screen });
  window.addEventListener("beforeunload", (event) => {
    if (queue.outbox.size && !queue.isKept) event.preventDefault();
  });
  window.addEventListener("offline", () => reach(false));
  for (const name of ["online", "pageshow"]) window.addEventListener(name, puller.pull);
  document.addEventListener("visibilitychange", () => document.hidden || puller.pull());
  setInterval(presence, PRESENCE);
  listenForFirstTouch();
  listenToHandScanner((code) => flow.scan(code, "hand_scanner"));

  if (await holder.open()) ready();
  change();
  if (!queue.isKept) screen.notice(NOT_KEPT);
  eye.open();
  puller.pull();
  keepFiles((renew) => {
    screen.notice("Bản mới đã sẵn sàng. Lượt quét trên máy vẫn giữ nguyên.", "renew");
    root.addEventListener("click", (event) => event.target.closest("[data-act=renew]") && renew());
  });
}
