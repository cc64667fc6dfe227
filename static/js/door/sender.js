// Sends what waits in the outbox, in order, until the server has answered for each scan; the same keys again and again.
import { createOutbox, patience } from "../lib/outbox.js";
import { post, Refused } from "./server.js";

// kept: where scans outlive the page; told: onReceipt({ scan, receipt }), onChange({ unsent, reachable }), onRefused(sentence)
export function createSender(kept, told) {
  const outbox = createOutbox(kept.load());
  let failures = 0;
  let busy = false;
  let timer = null;

  async function send() {
    clearTimeout(timer);
    timer = null;
    if (busy || !outbox.size) return;
    busy = true;
    try {
      const { results } = await post("scans", outbox.next());
      failures = 0;
      for (const settled of outbox.settle(results)) {
        kept.drop(settled.scan);
        told.onReceipt(settled);
      }
    } catch (error) {
      if (error instanceof Refused && error.status === 403) {
        told.onRefused(error.message);
        return;
      }
      failures += 1;
      timer = setTimeout(send, patience(failures));
    } finally {
      busy = false;
      change();
    }
    if (outbox.size && !timer) send();
  }

  function change() {
    told.onChange({ unsent: outbox.size, reachable: failures === 0 });
  }

  window.addEventListener("online", send);
  return {
    get unsent() {
      return outbox.size;
    },
    get reachable() {
      return failures === 0;
    },
    add(scan) {
      outbox.add(scan);
      kept.put(scan);
      change();
      return send();
    },
    // Sends what an earlier page has left.
    start() {
      change();
      return send();
    },
    // What another call to the server found out about the network.
    note(reachable) {
      if (reachable === (failures === 0)) return;
      failures = reachable ? 0 : Math.max(1, failures);
      change();
      if (reachable) send();
    },
  };
}
