// Sends what waits in the queue, in order, in batches, until the server has confirmed each scan; the same keys again and
// again, with patience that grows and never beats in time with other phones.
import { patience } from "../lib/outbox.js";
import { post, Refused } from "./server.js";

// told: conference() → whose scans may be sent now, or null; onSettled([{ record, receipt, gone }]), onReach(reached),
// onRefused(sentence), onChange()
export function createSender(queue, told) {
  const { outbox } = queue;
  let failures = 0;
  let busy = false;
  let again = false;
  let timer = null;

  async function send() {
    clearTimeout(timer);
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      for (let batch = next(); batch.length; batch = next()) await sendOne(batch);
    } catch (error) {
      if (error instanceof Refused && error.status === 403) return told.onRefused(error.message);
      failures += 1;
      told.onReach(false);
      timer = setTimeout(send, patience(failures, Math.random()));
    } finally {
      busy = false;
      told.onChange();
    }
    if (again) {
      again = false;
      return send();
    }
    return null;
  }

  function next() {
    again = false;
    const conference = told.conference();
    return conference === null ? [] : outbox.next(conference);
  }

  async function sendOne(batch) {
    try {
      const { results } = await post("scans", batch.map((record) => record.scan));
      failures = 0;
      told.onReach(true);
      told.onSettled(await queue.settle(results));
    } catch (error) {
      if (!(error instanceof Refused) || error.status === 403) throw error;
      // The server has read the parcel and will never take it: smaller ones, then each scan for itself.
      if (!outbox.halve()) outbox.setAside(batch[0], error.message);
    }
    told.onChange();
  }

  return { send };
}
