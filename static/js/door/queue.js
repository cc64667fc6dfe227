// Scans that are not confirmed by the server outlive a reload, a crash and a new version of the page. A scan is on the
// disk before its verdict is shown; where the browser refuses to store, the page holds it and says so.
import { createOutbox } from "../lib/outbox.js";
import { canSeal, newKey, seal, unseal } from "./seal.js";

export async function openQueue(vault) {
  let refused = !vault.keeps;
  const key = await sealingKey(vault).catch(() => null);
  const kept = [];
  let unreadable = 0;
  for (const [place, sealed] of await vault.all("queue").catch(() => [])) {
    try {
      kept.push({ ...(await unseal(key, sealed)), place, problem: undefined });
    } catch {
      unreadable += 1; // left where it is: nothing that was scanned is thrown away
    }
  }
  const outbox = createOutbox(kept);
  let last = kept.at(-1)?.place ?? "";

  function nextPlace() {
    const now = String(Date.now()).padStart(15, "0");
    const [time = "", count = "0"] = last.split("-");
    last = time >= now ? `${time}-${String(Number(count) + 1).padStart(6, "0")}` : `${now}-000000`;
    return last;
  }

  return {
    outbox,
    unreadable,
    get isKept() {
      return !refused;
    },
    // Resolves when the scan is on the disk, or when it is clear that it cannot be.
    async add(record) {
      outbox.add(record);
      record.place = nextPlace();
      try {
        const { place, ...told } = record;
        await vault.write([["put", "queue", place, await seal(key, told)]]);
        if (vault.keeps) refused = false;
      } catch (error) {
        console.warn("the scan is held in memory only", error);
        refused = true;
      }
    },
    // Takes receipts; what they confirm leaves the disk too.
    async settle(receipts) {
      const settled = outbox.settle(receipts);
      const gone = settled.filter((one) => one.gone).map((one) => ["delete", "queue", one.record.place]);
      if (gone.length) await vault.write(gone).catch(() => {}); // sent again they get the same answer
      return settled;
    },
  };
}

// The phone's own key, not the pairing's: scans stay readable here after the phone was cut off.
async function sealingKey(vault) {
  if (!vault.keeps || !canSeal()) return null;
  const kept = await vault.get("keys", "queue");
  if (kept) return kept;
  const made = await newKey();
  await vault.write([["put", "keys", "queue", made]]);
  return made;
}
