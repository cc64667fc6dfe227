// Talks to /api/door. A call that got no answer throws Unreached; one that was refused throws Refused with its sentence.

export class Unreached extends Error {}

export class Refused extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

const HEADERS = { "X-Eventmgr-Phone": "1", Accept: "application/json" };
const PATIENCE = 10_000;

export function get(path, signal) {
  return call(path, { signal });
}

export function post(path, body) {
  return call(path, {
    method: "POST", body: JSON.stringify(body), headers: { ...HEADERS, "Content-Type": "application/json" },
  });
}

async function call(path, { signal, ...options }) {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), PATIENCE);
  signal?.addEventListener("abort", () => timeout.abort());
  try {
    const request = { headers: HEADERS, cache: "no-store", credentials: "same-origin", signal: timeout.signal, ...options };
    const response = await fetch(`/api/door/${path}`, request);
    const told = await response.json();
    if (response.ok) return told;
    // A server that stumbles is like one that is not there: what was sent is sent again.
    if (response.status >= 500 || response.status === 429) throw new Unreached(told.problem);
    // Somebody between, who answers for the server, knows nothing of our words.
    if (!told.problem) throw new Unreached(`status ${response.status}`);
    throw new Refused(response.status, told.problem);
  } catch (error) {
    if (error instanceof Refused || error instanceof Unreached) throw error;
    throw new Unreached(String(error));
  } finally {
    clearTimeout(timer);
  }
}
