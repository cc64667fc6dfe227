// Scans that the server has not answered yet, in their order. A scan leaves only when its own receipt has come.

const BATCH = 50;

export function createOutbox(kept = []) {
  let waiting = [...kept];
  return {
    get size() {
      return waiting.length;
    },
    add(scan) {
      waiting.push(scan);
    },
    // What to send next: the oldest, in order.
    next(most = BATCH) {
      return waiting.slice(0, most);
    },
    // Takes receipts [{ scan_key, … }]; returns those of scans that were still waiting, each with its scan.
    settle(receipts) {
      const settled = [];
      for (const receipt of receipts) {
        const scan = waiting.find((one) => one.scan_key === receipt.scan_key);
        if (!scan) continue;
        waiting = waiting.filter((one) => one !== scan);
        settled.push({ scan, receipt });
      }
      return settled;
    },
  };
}

// Milliseconds until the next try after so many failures.
export function patience(failures) {
  return Math.min(1000 * 2 ** Math.max(0, failures - 1), 10_000);
}
