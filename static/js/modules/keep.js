// Keeps what the console has, so that it opens without network: this page, the pages of data-keep, the files they need, and
// what the stream last said. Only where the browser has a safe place for it (HTTPS); signing out wipes it (forget.js).
import { remember } from "../live/server-clock.js";

const CACHE = "eventmgr-stage";
const AGAIN = 120_000;
const GATHER = 1000;

export function mount(root) {
  if ("serviceWorker" in navigator && "caches" in window) keepUp(root).catch(() => {}); // nothing waits for it
}

async function keepUp(root) {
  const page = document.documentElement;
  root.addEventListener("live:measured", remember);
  let known = null;
  let timer = null;
  root.addEventListener("live:swapped", (event) => {
    known = event.detail;
    timer ??= setTimeout(() => {
      timer = null;
      put(`${location.pathname}?now`, [...known.values()].join("\n"));
    }, GATHER);
  });
  if (page.dataset.kept !== undefined) {
    const said = await (await caches.open(CACHE)).match(`${location.pathname}?now`, { ignoreVary: true });
    if (said) root.dispatchEvent(new CustomEvent("live:kept", { detail: await said.text() }));
  }
  await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
  const all = () => keepAll([location.pathname, ...(root.dataset.keep ?? "").split(" ").filter(Boolean)]);
  await started(page);
  await all();
  root.addEventListener("live:back", all);
  setInterval(() => root.hasAttribute("data-lost") || all(), AGAIN);
}

// Until every module of the page is there, so that all their files are kept.
async function started(page) {
  while (page.dataset.ready === undefined) await new Promise((next) => setTimeout(next, 100));
}

async function keepAll(pages) {
  for (const address of pages) {
    try {
      const response = await fetch(address, { cache: "no-store", headers: { Accept: "text/html" } });
      if (response.redirected || response.status === 401 || response.status === 403) return await caches.delete(CACHE);
      if (response.ok) await put(address, (await response.text()).replace("<html ", "<html data-kept "), response.headers);
    } catch {
      return undefined; // without network there is nothing new to keep
    }
  }
  const store = await caches.open(CACHE);
  for (const { name } of performance.getEntriesByType("resource")) {
    if (new URL(name).pathname.startsWith("/static/") && !(await store.match(name, { ignoreVary: true }))) await store.add(name).catch(() => {});
  }
  return undefined;
}

async function put(address, text, from = {}) {
  const headers = new Headers(from);
  headers.set("X-Eventmgr-Kept", String(Date.now()));
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.delete("Content-Encoding");
  await (await caches.open(CACHE)).put(address, new Response(text, { headers }));
}
