// The one clock of this page, shared by its modules. Measures itself against data-time of the page.
import { ServerClock } from "../lib/clock.js";

const KEPT = "eventmgr_clock";

export const clock = new ServerClock(() => performance.now());

// The first guess: the moment at which the page was made. A copy that was kept is older than that; there the device's own
// clock helps, by what it was found to be off when it last could ask.
export function begin(root) {
  if (root.ownerDocument.documentElement.dataset.kept !== undefined) {
    const off = Number(localStorage.getItem(KEPT) ?? 0);
    return clock.guess(Date.now() + off);
  }
  return clock.guess(Number(root.dataset.at));
}

export async function measure(url, times = 4) {
  clock.doubt();
  for (let round = 0; round < times; round += 1) {
    const asked = performance.now();
    const response = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
    const answer = await response.json();
    clock.sample(asked, performance.now(), answer.now);
  }
}

// Note by how much this device's clock is off, for a page that opens without network.
export function remember() {
  if (clock.now() !== null) localStorage.setItem(KEPT, String(Math.round(clock.now() - Date.now())));
}
