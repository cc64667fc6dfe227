// The scanner page: camera, hand scanner, typed code and search lead to one way in; the server decides, the screen says.
import { createEye } from "../door/eye.js";
import { listenToHandScanner } from "../door/hand-scanner.js";
import { keptScans } from "../door/kept.js";
import { createScreen } from "../door/screen.js";
import { mountSearch } from "../door/search.js";
import { createSender } from "../door/sender.js";
import { get, post, Refused } from "../door/server.js";
import { listenForFirstTouch, signal } from "../door/signals.js";
import { troubleOf } from "../lib/camera-trouble.js";
import { offsetOf } from "../lib/phone-clock.js";
import { newScanKey } from "../lib/scan-key.js";
import { UNREACHED, WAITING } from "../lib/verdict-view.js";

const SOON = 350; // an answer that comes sooner needs no waiting screen
const READABLE = 1000; // a green screen stays this long before the next code may replace it
const PRESENCE = 30_000;
const SEEKING = 3000; // without network the server is looked for this often
const COUNT = 800;

export function mount(root) {
  const screen = createScreen(root);
  const samples = [];
  let current = null; // the scan that the screen is about: { scan, verdict, shownAt }
  let stopped = false;
  let beating = null;
  let counting = null;

  const sender = createSender(keptScans(root.dataset.conference), {
    onReceipt: ({ scan, receipt }) => answered(scan, receipt),
    onRefused: stop,
    onChange(state) {
      screen.chip(state);
      if (!state.reachable) beat();
      if (!state.reachable && current?.verdict === WAITING) show(UNREACHED, "ask");
    },
  });
  const search = mountSearch(root, {
    onChoose: (id) => submit({ delegate_id: id, way: "search" }),
    onReach: sender.note,
    onRefused: stop,
  });
  const eye = createEye(root.querySelector("video"), root.dataset.wasm, {
    isLooking,
    onCode: (code) => submit({ code, way: "camera" }),
    onOpen: opened,
    onTrouble: (kind) => screen.trouble(troubleOf(kind)),
  });

  function submit(what, answers = []) {
    if (stopped) return;
    const scan = { scan_key: newScanKey(), kind: "entry", ...what, ...moment(), answers };
    wait(scan);
    sender.add(scan);
  }

  function undo(reason) {
    const scan = { scan_key: newScanKey(), kind: "undo", way: current.scan.way, ...moment(), reason };
    scan.undoes_key = current.scan.scan_key;
    wait(scan);
    sender.add(scan);
  }

  function wait(scan) {
    current = { scan, verdict: null, shownAt: performance.now() };
    setTimeout(() => {
      if (current?.scan !== scan || current.verdict) return;
      show(sender.reachable ? WAITING : UNREACHED, sender.reachable ? null : "ask");
    }, SOON);
  }

  function answered(scan, receipt) {
    const verdict = receipt.verdict ?? { tone: "no", word: "Máy chủ không nhận", say: receipt.problem, offers: [] };
    if (current?.scan === scan) show(verdict, scan.kind === "undo" ? null : verdict.tone);
    const late = current?.scan === scan ? "" : "gửi muộn, ";
    const name = verdict.name || verdict.about || (scan.way === "typed" ? "Mã vừa gõ" : "Mã vừa quét");
    screen.last({ name, word: `${late}${verdict.word.toLocaleLowerCase("vi")} lúc`, tone: verdict.tone });
    clearTimeout(counting);
    counting = setTimeout(() => ask("state", get), COUNT);
  }

  function show(verdict, tone) {
    current = { ...current, verdict, shownAt: performance.now() };
    screen.verdict(verdict, current.scan.way);
    if (tone) signal(tone);
  }

  // Amber and red wait for a person; green makes room for whoever comes next.
  function isLooking() {
    if (stopped) return false;
    if (root.dataset.view === "scan") return current === null || current.verdict !== null;
    const green = root.dataset.view === "verdict" && current?.verdict?.tone === "go";
    return green && performance.now() - current.shownAt > READABLE;
  }

  function moment() {
    return { scanned_at: new Date().toISOString(), offset_ms: offsetOf(samples) };
  }

  function stop(sentence) {
    stopped = true;
    eye.close();
    screen.stopped(sentence, sender.unsent);
  }

  async function opened(camera) {
    screen.trouble(null);
    screen.at("[data-hint]").textContent = "Đưa mã vào khung";
    const torch = screen.at("[data-act=torch]");
    torch.hidden = !camera.hasTorch;
    torch.setAttribute("aria-pressed", "false");
    screen.at("[data-act=camera]").hidden = !(await camera.others()).length;
  }

  // Tells the server that the phone is alive; while there is none, looks for it.
  function beat() {
    clearTimeout(beating);
    beating = setTimeout(presence, sender.reachable ? PRESENCE : SEEKING);
  }

  async function presence() {
    if (stopped) return;
    if (!document.hidden) await ask("presence", (path) => post(path, {}));
    beat();
  }

  async function ask(path, call) {
    const sent = Date.now();
    try {
      const state = await call(path);
      samples.push({ sent, received: Date.now(), server: state.server_ms });
      if (samples.length > 20) samples.shift();
      screen.at("[data-inside]").textContent = ` · ${state.inside} người đã vào`;
      sender.note(true);
    } catch (error) {
      if (error instanceof Refused && error.status === 403) stop(error.message);
      else sender.note(false);
    }
  }

  const acts = {
    scan() {
      current = null;
      screen.show("scan");
    },
    search() {
      screen.show("search");
      search.open();
    },
    type() {
      screen.show("type");
      screen.at("#door-code").value = "";
      screen.at("#door-code").focus();
    },
    retype() {
      screen.show("type");
      screen.at("#door-code").value = current.scan.code;
      screen.at("#door-code").focus();
    },
    undo() {
      screen.at("[data-undo-name]").textContent = current.verdict.name || current.verdict.about;
      screen.at("#door-reason").value = "";
      screen.show("undo");
    },
    back: () => screen.verdict(current.verdict, current.scan.way),
    retry: () => eye.open(),
    camera: () => eye.another(),
    async torch(button) {
      const on = button.getAttribute("aria-pressed") !== "true";
      await eye.torch(on);
      button.setAttribute("aria-pressed", String(on));
    },
    answer(button) {
      const { scan } = current;
      const answers = [...scan.answers, button.dataset.act.split(":")[1]];
      submit(scan.code === undefined ? { delegate_id: scan.delegate_id, way: scan.way } : { code: scan.code, way: scan.way }, answers);
    },
  };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) return acts[button.dataset.act.split(":")[0]](button);
    const reason = event.target.closest("[data-reason]");
    if (reason) undo(reason.dataset.reason);
  });
  root.querySelector("[data-is=type]").addEventListener("submit", (event) => {
    event.preventDefault();
    const code = screen.at("#door-code").value.trim();
    if (code) submit({ code, way: "typed" });
  });
  root.querySelector("[data-is=undo]").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = screen.at("#door-reason").value.trim();
    if (reason) undo(reason);
    else screen.at("#door-reason").focus();
  });
  window.addEventListener("beforeunload", (event) => {
    if (sender.unsent) event.preventDefault();
  });

  listenForFirstTouch();
  listenToHandScanner((code) => submit({ code, way: "hand_scanner" }));
  screen.show("scan");
  eye.open();
  for (let round = 0; round < 3; round++) setTimeout(() => ask("state", get), round * 400);
  sender.start();
  beat();
  window.addEventListener("offline", () => sender.note(false));
  window.addEventListener("online", presence);
  document.addEventListener("visibilitychange", presence);
}
