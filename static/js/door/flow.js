// What is on the screen and what comes next: a scan goes to the desk, its verdict to the screen, the server's word beside it.
import { signal } from "./signals.js";

const READABLE = 1000; // a green screen stays this long before the next code may replace it

// isReady() → whether a scan can be decided: there is a list, or no network to get one from
export function createFlow(root, { desk, holder, screen, isReady }) {
  let current = null; // { record, verdict, shownAt }
  let stopped = false;
  let trial = null; // the check of this phone waits for a code that counts nowhere
  let seenAt = 0;

  async function run(work) {
    if (stopped) return;
    const record = await work();
    if (stopped) return;
    show(record, record.verdict);
    root.dataset.took = String(Math.round(performance.now() - (seenAt || performance.now()))); // for the bench
    seenAt = 0;
    const { verdict } = record;
    const name = verdict.name || verdict.about || (record.scan.way === "typed" ? "Mã vừa gõ" : "Mã vừa quét");
    screen.last({ name, word: `${verdict.word.toLocaleLowerCase("vi")} lúc`, tone: verdict.tone });
  }

  function show(record, verdict) {
    current = { record, verdict, shownAt: performance.now() };
    draw();
    if (record.scan.kind !== "undo") signal(verdict.tone);
  }

  function draw() {
    const { record, verdict } = current;
    const list = { at: holder.at, size: holder.roster.size };
    const companions = typeof record.ref === "number" && verdict.outcome === "admitted" ? waiting(record.ref) : [];
    screen.verdict(verdict, { typed: record.scan.way === "typed", list, companions });
  }

  const waiting = (ref) => holder.roster.companions(ref).filter((one) => !one.entry);

  function whom() {
    const { code, delegate_id, delegate_key, walk_in, scan_key } = current.record.scan;
    if (walk_in) return { delegate_key: scan_key };
    if (code !== undefined) return { code };
    return delegate_key ? { delegate_key } : { delegate_id };
  }

  return {
    draw,
    get current() {
      return current;
    },
    scan(code, way, at = 0) {
      if (stopped) return null;
      if (trial) {
        signal("go");
        return trial(code);
      }
      seenAt = at;
      return run(() => desk.enter({ code }, way));
    },
    choose: (chosen) => run(() => desk.enter(chosen, "search")),
    answer(answer) {
      const { scan } = current.record;
      return run(() => desk.enter(whom(), scan.way, [...(scan.answers ?? []), answer]));
    },
    leave: () => run(() => desk.leave(whom(), current.record.scan.way)),
    // Who was let in a moment ago and turns out to be somebody else has not come in.
    hold: (reason) => run(async () => {
      const { record } = current;
      if (record.verdict.outcome === "admitted") await desk.undo(record, `Mời chờ: ${reason}`.slice(0, 300));
      return desk.hold(whom(), record.scan.way, reason);
    }),
    // What was written after an entry leads back to it: a wrong name is corrected, a wrong entry is undone.
    name: (person) => run(async () => {
      const { record } = current;
      const entry = record.entry ?? record;
      const key = entry.scan.kind === "entry" && entry.verdict.outcome !== "already_in" ? entry.scan.scan_key : undefined;
      return Object.assign(await desk.name(whom(), record.scan.way, person, key), { entry });
    }),
    undo: (reason) => run(() => desk.undo(current.record.entry ?? current.record, reason)),
    walkIn: (guest) => run(() => desk.walkIn(guest)),
    next() {
      current = null;
      screen.show("scan");
    },
    tryOne(onCode) {
      trial = onCode;
    },
    // Amber and red wait for a person; green makes room for whoever comes next.
    isLooking() {
      if (stopped || !isReady()) return false;
      if (trial || root.dataset.view === "scan") return true;
      const green = root.dataset.view === "verdict" && current?.verdict.tone === "go" && current.verdict.outcome === "admitted";
      return green && performance.now() - current.shownAt > READABLE;
    },
    // The server's word on scans: an answer where the phone had none, a calm line where it sees things otherwise.
    settled(all) {
      for (const { record, receipt } of all) {
        const told = receipt.verdict;
        const differs = told && told.outcome !== record.verdict.outcome;
        if (differs && record.verdict.outcome === "not_on_phone" && current?.record === record && root.dataset.view === "verdict") {
          show(record, { offers: [], ...told });
        } else if (receipt.conflict || receipt.problem || (differs && record.verdict.outcome !== "not_on_phone")) {
          screen.notice(sentence(record, receipt));
        }
      }
    },
    stop() {
      stopped = true;
    },
  };
}

function sentence({ verdict }, { verdict: told, conflict, problem }) {
  const name = verdict.name || verdict.about || "lượt quét vừa rồi";
  if (problem) return `Máy chủ chưa nhận ${name}: ${problem} Lượt này vẫn giữ trên máy.`;
  return conflict ? `${name}: ${conflict}` : `${name}: máy chủ ghi “${told.word}”. Trưởng cửa sẽ xem lại.`;
}
