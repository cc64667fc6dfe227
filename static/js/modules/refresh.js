// Keeps a part of the page fresh: asks data-url for { html } every few seconds (data-every) while the page is seen, and
// when it is seen again, and puts it in place when it has changed. While somebody is at a button or field inside, it waits.

const EVERY = 5;
const SLOWEST = 60_000;

export function mount(element) {
  const every = Number(element.dataset.every ?? EVERY) * 1000;
  let timer = null;
  let failures = 0;
  let shown = null;

  async function look() {
    timer = null;
    if (!element.matches(":focus-within")) {
      try {
        const response = await fetch(element.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
        if (!response.ok) throw new Error(String(response.status));
        const { html } = await response.json();
        failures = 0;
        if (html !== shown && !element.matches(":focus-within")) element.innerHTML = html;
        shown = html;
      } catch {
        failures += 1;
      }
      element.toggleAttribute("data-stale", failures > 0);
    }
    next();
  }

  function next() {
    if (!document.hidden && timer === null) timer = setTimeout(look, Math.min(every * 2 ** failures, SLOWEST));
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(timer);
    timer = null;
    if (!document.hidden) look();
  });
  next();
}
