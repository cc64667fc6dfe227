// Follows data-stream and swaps the regions of the page for those that the server sends. Says how old the page is when
// the connection is cut, and rests while nobody looks.
import { hour, since } from "../lib/clock.js";
import { differing } from "../lib/regions.js";
import { begin, clock, measure } from "../live/server-clock.js";
import { Stream } from "../live/stream.js";

const SOON = 1500; // a shorter cut is not worth a word
const POLL = 10_000;
const LONG = 30_000; // from here on a page says it loud
const CROWD = 3000; // a hall full of phones does not ask the time in one moment

export function mount(root) {
  begin(root);
  new Live(root).open();
}

class Live {
  constructor(root) {
    this.root = root;
    // what stands there already need not be swapped when the stream begins with it
    this.known = new Map([...root.querySelectorAll("[data-region]")].map((region) => [region.id, region.outerHTML]));
    this.polled = performance.now();
    this.stream = new Stream(root.dataset.stream, {
      state: (html) => this.swap(html),
      beat: (time) => clock.contradicts(time) && this.measure(),
      back: () => this.back(),
      lost: () => this.show(),
      woken: () => this.measure(),
    });
    this.stream.heard -= age(root);
    setInterval(() => this.look(), 500);
    root.addEventListener("live:refresh", () => this.refresh());
    root.addEventListener("live:kept", (event) => this.kept(event.detail));
  }

  open() {
    this.stream.open();
    setTimeout(() => this.measure(), this.root.dataset.console === undefined ? Math.random() * CROWD : 0);
  }

  // What the device kept of the stream is newer than the page that it kept.
  kept(html) {
    if (this.stream.good) return;
    this.swap(html);
    this.stream.heard = performance.now() - age(this.root);
  }

  back() {
    this.show();
    this.root.dispatchEvent(new CustomEvent("live:back"));
  }

  look() {
    this.show();
    const { good, asleep, heard } = this.stream;
    const quiet = performance.now() - Math.max(heard, this.polled);
    if (!good && !asleep && quiet > POLL) this.refresh();
  }

  measure() {
    measure(this.root.dataset.time).then(() => this.root.dispatchEvent(new CustomEvent("live:measured")), () => {});
  }

  // Beyond its limit the server takes no more streams: then the page asks for itself now and then.
  async refresh() {
    this.polled = performance.now();
    try {
      const response = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      if (!response.ok || response.redirected || response.headers.has("X-Eventmgr-Kept")) return;
      this.stream.full = !this.stream.good;
      this.swap(await response.text());
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
    this.root.dispatchEvent(new CustomEvent("live:swapped", { detail: this.known }));
  }

  shout(loud) {
    if (this.root.hasAttribute("data-lost-long") === loud) return;
    this.root.toggleAttribute("data-lost-long", loud);
    for (const place of this.root.querySelectorAll("[data-live-long]")) place.hidden = !loud;
    if (loud) this.root.dispatchEvent(new CustomEvent("live:lost-long"));
  }

  say(words) {
    const place = this.root.querySelector("[data-live-say]");
    if (place && words && this.said !== undefined && this.said !== words) place.textContent = words;
    this.said = words;
  }

  show() {
    const place = this.root.querySelector("[data-live-state]");
    if (!place) return;
    const { good, asleep, heard } = this.stream;
    const cut = performance.now() - heard;
    const lost = !good && cut > SOON && !asleep;
    place.hidden = false;
    place.querySelector("[data-live-good]").hidden = lost;
    place.querySelector("[data-live-lost]").hidden = !lost;
    this.root.toggleAttribute("data-lost", lost);
    this.shout(lost && cut > LONG);
    if (!lost) return;
    write(place.querySelector("[data-live-for]"), since(cut));
    const now = clock.now();
    if (now !== null) write(place.querySelector("[data-live-at]"), hour(now - cut, true));
  }
}

// How old the page already is: nothing when it has just come from the server, more when it is the copy that was kept.
function age(root) {
  const made = Number(root.querySelector('[data-timer="clock"]')?.dataset.at ?? root.dataset.at);
  return made && clock.now() !== null ? Math.max(0, clock.now() - made) : 0;
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
