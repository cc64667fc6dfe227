// Follows data-stream and swaps the regions of the page for those that the server sends. Says how old the page is when
// the connection is cut, notices a silent cut, comes back by itself, and rests while nobody looks.
import { hour, since } from "../lib/clock.js";
import { clock, measure } from "../live/server-clock.js";
import { differing } from "../lib/regions.js";

const SILENCE = 25_000; // the server speaks every 15 s
const RETRY = 2500;
const SOON = 1500; // a shorter cut is not worth a word
const REST = 30_000; // how long a hidden page stays connected
const POLL = 10_000;

export function mount(root) {
  new Live(root).open();
}

class Live {
  constructor(root) {
    this.root = root;
    // what stands there already need not be swapped when the stream begins with it
    this.known = new Map([...root.querySelectorAll("[data-region]")].map((region) => [region.id, region.outerHTML]));
    this.source = null;
    this.heard = performance.now();
    this.good = false;
    this.resting = null;
    this.polled = 0;
    setInterval(() => this.watch(), 500);
    for (const name of ["online", "pageshow"]) window.addEventListener(name, () => this.wake());
    window.addEventListener("offline", () => this.lose());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
    root.addEventListener("live:refresh", () => this.refresh());
  }

  open() {
    this.source?.close();
    this.tried = performance.now();
    const source = new EventSource(this.root.dataset.stream);
    this.source = source;
    source.addEventListener("state", (event) => this.hear(source, () => this.swap(event.data)));
    source.addEventListener("beat", (event) => this.hear(source, () => this.check(Number(event.data))));
    source.onerror = () => source === this.source && this.lose();
  }

  hear(source, then) {
    if (source !== this.source) return;
    this.heard = performance.now();
    if (!this.good) {
      this.good = true;
      this.measure();
    }
    then();
    this.show();
  }

  lose() {
    this.good = false;
    this.show();
  }

  // A closed source does not come back by itself, and a silent one has not noticed that it is cut.
  watch() {
    if (this.resting === "asleep") return;
    const quiet = performance.now() - this.heard;
    const waited = performance.now() - this.tried;
    if (this.good && quiet > SILENCE) this.lose();
    if (!this.good && waited > RETRY && (this.source?.readyState !== EventSource.CONNECTING || waited > 2 * RETRY)) {
      this.open();
      if (quiet > POLL && performance.now() - this.polled > POLL) this.refresh();
    }
    this.show();
  }

  wake() {
    clearTimeout(this.resting);
    const slept = this.resting === "asleep";
    this.resting = null;
    if (slept || !this.good || performance.now() - this.heard > 16_000) this.open();
    this.measure();
  }

  rest() {
    this.resting = setTimeout(() => {
      this.resting = "asleep";
      this.good = false;
      this.source?.close();
    }, REST);
  }

  measure() {
    measure(this.root.dataset.time).catch(() => {});
  }

  check(serverTime) {
    if (clock.contradicts(serverTime)) this.measure();
  }

  // Beyond its limit the server takes no more streams: then the page asks for itself now and then.
  async refresh() {
    this.polled = performance.now();
    try {
      const response = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (response.ok && !response.redirected) this.swap(await response.text());
    } catch {
      // the next look tries again
    }
  }

  swap(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    const coming = [...parsed.querySelectorAll("[data-region]")].map((region) => [region.id, region.outerHTML]);
    for (const id of differing(this.known, coming)) {
      const old = document.getElementById(id);
      if (old) replace(old, document.importNode(parsed.getElementById(id), true));
    }
    for (const region of parsed.querySelectorAll("[data-states]")) mark(region.dataset.states);
    for (const region of parsed.querySelectorAll("[data-say]")) this.say(region.dataset.say);
    this.root.dispatchEvent(new CustomEvent("live:swapped"));
  }

  say(words) {
    const place = this.root.querySelector("[data-live-say]");
    if (place && words && this.said !== undefined && this.said !== words) place.textContent = words;
    this.said = words;
  }

  show() {
    const place = this.root.querySelector("[data-live-state]");
    if (!place) return;
    const cut = performance.now() - this.heard;
    const lost = !this.good && cut > SOON && this.resting !== "asleep";
    place.hidden = false;
    place.querySelector("[data-live-good]").hidden = lost;
    place.querySelector("[data-live-lost]").hidden = !lost;
    this.root.toggleAttribute("data-lost", lost);
    if (!lost) return;
    write(place.querySelector("[data-live-for]"), since(cut));
    const now = clock.now();
    if (now !== null) write(place.querySelector("[data-live-at]"), hour(now - cut, true));
  }
}

// Who stands on a button or has opened something inside keeps his place.
function replace(old, made) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  for (const opened of old.querySelectorAll("details[open][id]")) {
    made.querySelector(`#${CSS.escape(opened.id)}`)?.setAttribute("open", "");
  }
  old.replaceWith(made);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// "12:done 13:now": the state of each row of the programme, which is drawn once and only changes its state.
function mark(states) {
  for (const pair of states.split(" ").filter(Boolean)) {
    const [id, state] = pair.split(":");
    const row = document.getElementById(`row-${id}`);
    if (!row) continue;
    row.dataset.state = state;
    if (state === "now" && !row.classList.contains("prog__head")) row.setAttribute("aria-current", "step");
    else row.removeAttribute("aria-current");
  }
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
