// Scans that the server has not confirmed yet, in their order. A scan leaves only when its own receipt says "stored";
// one that the server cannot read is set aside and holds up nothing.

const BATCH = 50;

export function createOutbox(kept = []) {
  let waiting = [...kept];
  let most = BATCH;
  const is = (one, receipt) => one.scan.scan_key === receipt.scan_key;
  return {
    get size() {
      return waiting.length;
    },
    get all() {
      return [...waiting];
    },
    add(record) {
      waiting.push(record);
    },
    // What to send next: the oldest of this conference, in order, without those that were set aside.
    next(conferenceId) {
      return waiting.filter((one) => !one.problem && one.conference_id === conferenceId).slice(0, most);
    },
    // The server found a batch too large: half of it next time. Tells whether there is anything left to halve.
    halve() {
      const was = most;
      most = Math.max(1, Math.floor(most / 2));
      return was > 1;
    },
    // Takes receipts [{ scan_key, … }] → [{ record, receipt, gone }] for those that were waiting.
    settle(receipts) {
      const settled = [];
      for (const receipt of receipts) {
        const record = waiting.find((one) => is(one, receipt));
        if (!record) continue;
        const gone = Boolean(receipt.stored ?? receipt.verdict);
        if (gone) waiting = waiting.filter((one) => one !== record);
        else record.problem = receipt.problem ?? "Máy chủ không đọc được lượt quét này.";
        settled.push({ record, receipt, gone });
      }
      if (settled.some((one) => one.gone)) most = Math.min(BATCH, most * 2);
      return settled;
    },
    setAside(record, problem) {
      record.problem = problem;
    },
  };
}

// Milliseconds until the next try after so many failures; chance (0 to 1) keeps phones from coming back all at once.
export function patience(failures, chance = 0.5) {
  return Math.round(Math.min(1000 * 2 ** Math.max(0, failures - 1), 10_000) * (0.6 + 0.8 * chance));
}
