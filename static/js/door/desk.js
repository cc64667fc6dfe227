// One way in for every scan: decided here from the list and from what this phone has seen, written down, then shown.
import { decide, decideExit, decideHold, decideNaming, decideWalkIn } from "../lib/verdict.js";
import { newScanKey } from "../lib/scan-key.js";

const UNDONE = { outcome: "undone", tone: "ask", word: "Đã hoàn tác", offers: [] };

// moment() → { scanned_at, offset_ms }; onStored() after a scan is on the disk
export function createDesk(holder, queue, moment, onStored) {
  const { roster } = holder;

  // whom: { code } | { delegate_id } | { delegate_key }; → the record: { scan, verdict, ref, before, after, … }
  async function enter(whom, way, answers = []) {
    const { scan, ref, place, readable } = begin("entry", whom, way, { answers });
    return keep(scan, ref, decide(facts(ref, place), gate(), { readable, answers, on_phone: true }));
  }

  async function leave(whom, way) {
    const { scan, ref, place, readable } = begin("exit", whom, way);
    return keep(scan, ref, decideExit(facts(ref, place), gate(), { readable, on_phone: true }));
  }

  async function hold(whom, way, reason) {
    const { scan, ref, place } = begin("hold", whom, way, { reason });
    return keep(scan, ref, decideHold(facts(ref, place), gate(), { on_phone: true }, reason));
  }

  // person: { full_name, address_form } of who came with a letter to a post, after the entry with this key
  async function name(whom, way, person, entryKey) {
    const { scan, ref, place } = begin("named", whom, way, { person, entry_key: entryKey });
    return keep(scan, ref, decideNaming(facts(ref, place), gate(), { on_phone: true }, person));
  }

  async function walkIn(guest) {
    const { scan } = begin("entry", { walk_in: guest }, "search");
    const verdict = decideWalkIn(guest, gate());
    roster.addGuest(scan.scan_key, guest);
    return keep(scan, scan.scan_key, verdict);
  }

  async function undo(record, reason) {
    const scan = { scan_key: newScanKey(), kind: "undo", way: record.scan.way, ...moment(), undoes_key: record.scan.scan_key, reason };
    const { name, about, body } = record.verdict;
    const isExit = record.scan.kind === "exit";
    const say = isExit ? "Khách vẫn được ghi là ở trong." : "Khách được ghi là chưa vào. Quét lại khi khách vào.";
    return keep(scan, record.ref, { ...UNDONE, say, name, about, body }, record.before);
  }

  function begin(kind, whom, way, more = {}) {
    const scan = { scan_key: newScanKey(), kind, ...whom, way, ...moment(), ...more };
    if (whom.code === undefined) return { scan, ref: whom.delegate_id ?? whom.delegate_key ?? null, readable: true };
    return { scan, ...roster.find(whom.code) };
  }

  const gate = () => holder.head?.gate ?? { conference_id: null, name: "" };
  const facts = (ref, place) => (ref === null || !holder.head ? null : roster.facts(ref, place, holder.head));

  async function keep(scan, ref, verdict, restored) {
    const before = ref === null ? null : roster.state(ref);
    const after = restored ?? (ref === null ? null : stateAfter(scan, verdict, before, gate().name));
    const record = {
      // A phone may be paired for another gate before this goes up.
      scan: { ...scan, ...(gate().id ? { gate_id: gate().id } : {}), decided: { outcome: verdict.outcome, snapshot: String(holder.version ?? "") } },
      conference_id: gate().conference_id, gate: gate().name, ref, verdict, before, after,
    };
    if (after) roster.see(ref, after);
    await queue.add(record);
    onStored();
    return record;
  }

  return { enter, leave, hold, name, walkIn, undo };
}

function stateAfter(scan, verdict, before, gate) {
  const at = scan.scanned_at;
  if (scan.kind === "entry" && verdict.outcome === "admitted") {
    return { ...before, entry: before.entry ?? { at, gate: `${gate}, máy này`, name: verdict.name }, left_at: null, hold: null };
  }
  if (scan.kind === "exit" && verdict.outcome === "left") return { ...before, entry: null, left_at: at, hold: null };
  if (scan.kind === "hold" && verdict.outcome === "held") return { ...before, hold: { at, gate, reason: scan.reason } };
  if (scan.kind === "named" && verdict.outcome === "named") {
    const { full_name: name, address_form } = scan.person;
    return { ...before, name, address_form, entry: before.entry && { ...before.entry, name } };
  }
  return null;
}
