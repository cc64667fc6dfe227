// Keeps the list on the phone fresh: the whole of it once, then what has changed, every few seconds while there is a network.
import { patience } from "../lib/outbox.js";
import { get, Refused } from "./server.js";

const OFTEN = 4000;

// told: onKnown() once the server has said whose phone this is, onList() as soon as there is one to work with, onFresh(before) once it is right again, onReach(reached), onRefused(sentence),
// pending() → records whose effects the server may not have counted yet
export function createPuller(holder, told) {
  let failures = 0;
  let busy = null;
  let timer = null;
  let known = false;

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
    if (!known) await meet();
    if (holder.version === null) await takeWhole();
    const { answer, sent, received } = await timed(`changes?since=${holder.version}`);
    told.onReach(true, { sent, received, server: answer.server_ms });
    if (answer.phone.id !== holder.head.phone.id) {
      known = false; // the phone was paired anew: another gate, perhaps another conference
      await refresh();
      return;
    }
    if (answer.people === null) await takeWhole();
    else await holder.change(answer, sent);
    told.onFresh(before);
  }

  // Whose phone this is: once for each visit, and before anything that an earlier visit has left is sent.
  async function meet() {
    const at = Date.now();
    const whole = holder.version === null ? get("snapshot") : null;
    whole?.catch(() => {});
    const said = await get("key");
    if (holder.head?.phone.id !== said.phone.id || !holder.hasKey) {
      await holder.take(said);
      if (whole) await use(await whole, at);
    }
    known = true;
    told.onKnown();
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
