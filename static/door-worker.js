// The service worker of the door, served from /door/ with VERSION and FILES in front of it (web/door_files.py).
// It keeps one whole set of files. A new set is fetched whole beside the old one and waits until the page says that it
// is safe to change; scans lie in IndexedDB, which no version touches.

const KEPT = `eventmgr-door-${VERSION}`;
const SHELL = FILES[0];

self.addEventListener("install", (event) => event.waitUntil(fetchAll()));
self.addEventListener("activate", (event) => event.waitUntil(dropOld()));
self.addEventListener("message", (event) => {
  if (event.data === "change now") self.skipWaiting();
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === "/door/") event.respondWith(kept(SHELL, request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(kept(request, request));
});

async function fetchAll() {
  const cache = await caches.open(KEPT);
  await Promise.all(
    FILES.map(async (address) => {
      const answer = await fetch(address, { cache: address.includes("?v=") ? "default" : "no-cache", credentials: "omit" });
      if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
      await cache.put(address, answer);
    }),
  );
}

async function dropOld() {
  const names = (await caches.keys()).filter((name) => name.startsWith("eventmgr-door-") && name !== KEPT);
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function kept(wanted, request) {
  const cache = await caches.open(KEPT);
  // Modules that a worker imports do not pass the import map and come without the print of their content.
  const found = (await cache.match(wanted)) ?? (await withoutPrint(cache, request));
  return found ?? fetch(request);
}

async function withoutPrint(cache, request) {
  return new URL(request.url).search ? undefined : cache.match(request, { ignoreSearch: true });
}
