// Scans that were not sent yet outlive a reload and a closed tab: one entry for each, gone once the server has answered.

export function keptScans(conference) {
  const prefix = `eventmgr.unsent.${conference}.`;
  return {
    // The oldest first.
    load() {
      const found = [];
      try {
        for (const name of Object.keys(localStorage)) {
          if (name.startsWith(prefix)) found.push(JSON.parse(localStorage.getItem(name)));
        }
      } catch {
        // A browser that keeps nothing has nothing to send.
      }
      return found.sort((one, other) => (one.scanned_at < other.scanned_at ? -1 : 1));
    },
    put(scan) {
      try {
        localStorage.setItem(prefix + scan.scan_key, JSON.stringify(scan));
      } catch {
        // The page still holds it until it is sent, and warns who leaves.
      }
    },
    drop(scan) {
      try {
        localStorage.removeItem(prefix + scan.scan_key);
      } catch {
        // Sent again it gets the same answer.
      }
    },
  };
}
