// The one clock of this page, shared by its modules. Measures itself against data-time of the page.
import { ServerClock } from "../lib/clock.js";

export const clock = new ServerClock(() => performance.now());

export async function measure(url, times = 4) {
  clock.doubt();
  for (let round = 0; round < times; round += 1) {
    const asked = performance.now();
    const response = await fetch(url, { cache: "no-store", headers: { Accept: "application/json" } });
    const answer = await response.json();
    clock.sample(asked, performance.now(), answer.now);
  }
}
