// Keeps the list on the phone fresh: the whole of it once, then what has changed, every few seconds while there is a network.
import { patience } from "../lib/outbox.js";
import { get, Refused } from "./server.js";

const OFTEN = 4000;

// told: onList() as soon as there is one to work with, onFresh(before) once it is right again, onReach(reached), onRefused(sentence),
// pending() → records whose effects the server may not have counted yet
export function createPuller(holder, told) {
  let failures = 0;
  let busy = null;
  let timer = null;

  async function pull() {
    clearTimeout(timer);
    busy ??= once().finally(() => {
      busy = null;
    });
    return busy;
  }

  async function once() {
    let wait = OFTEN;
    try {
      await refresh();
      failures = 0;
    } catch (error) {
      if (error instanceof Refused && error.status === 403) return told.onRefused(error.message);
      if (!(error instanceof Refused)) told.onReach(false);
      failures += 1;
      wait = patience(failures, Math.random());
    }
    if (!document.hidden) timer = setTimeout(pull, wait);
    return null;
  }

  async function refresh() {
    const before = told.pending();
    if (!holder.head || !holder.hasKey) await begin();
    if (holder.version === null) await takeWhole();
    const since = holder.version;
    const { answer, sent, received } = await timed(`changes?since=${since}`);
    told.onReach(true, { sent, received, server: answer.server_ms });
    if (answer.phone.id !== holder.head.phone.id) {
      await holder.wipe(); // the phone was paired anew: another gate, perhaps another conference
      await refresh();
      return;
    }
    if (answer.people === null) await takeWhole();
    else await holder.change(answer, sent);
    told.onFresh(before);
  }

  async function begin() {
    const at = Date.now();
    const [told, whole] = await Promise.all([get("key"), get("snapshot")]);
    await holder.take(told);
    await use(whole, at);
  }

  async function takeWhole() {
    const at = Date.now();
    await use(await get("snapshot"), at);
  }

  function use(whole, at) {
    const kept = holder.replace(whole, at);
    told.onList(); // sealing it for the disk may take a moment more
    return kept;
  }

  return { pull, stop: () => clearTimeout(timer) };
}

async function timed(path) {
  const sent = Date.now();
  return { answer: await get(path), sent, received: Date.now() };
}
