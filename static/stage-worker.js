// Opens the stage without network from what this device had: pages of the stage and the files that they need. Import maps
// do not reach a service worker, so this is one plain file. What it keeps is wiped on the sign-in page (modules/forget.js),
// when the server says that the session is over, and is not shown after as long as a session lasts.
const CACHE = "eventmgr-stage";
const PATIENCE = 4000;
const LONGEST = 12 * 3_600_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// A navigation may not be sent on with a signal of its own; its address may.
async function page(address) {
  const leave = new AbortController();
  const timer = setTimeout(() => leave.abort(), PATIENCE);
  try {
    const response = await fetch(address.href, {
      headers: { Accept: "text/html" }, credentials: "same-origin", redirect: "manual", signal: leave.signal,
    });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) await caches.delete(CACHE);
    else if (response.ok && !address.search) await keep(address.pathname, response.clone());
    return response;
  } catch (problem) {
    const kept = await (await caches.open(CACHE)).match(address.pathname, { ignoreVary: true });
    if (kept && Date.now() - Number(kept.headers.get("X-Eventmgr-Kept")) < LONGEST) return kept;
    throw problem;
  } finally {
    clearTimeout(timer);
  }
}

async function keep(path, response) {
  const headers = new Headers(response.headers);
  headers.set("X-Eventmgr-Kept", String(Date.now()));
  headers.delete("Content-Encoding");
  const text = (await response.text()).replace("<html ", "<html data-kept ");
  await (await caches.open(CACHE)).put(path, new Response(text, { headers }));
}

async function file(request) {
  const kept = await (await caches.open(CACHE)).match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}
