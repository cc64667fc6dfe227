// The event stream of a page: notices a cut that nobody announced, tries again at most three seconds apart, each page at
// a moment of its own, and begins anew with the whole present state. `heard` is when it last spoke, by performance.now().

export const SILENCE = 25_000; // the server speaks every 15 s
const [SOONEST, SPREAD] = [800, 1700]; // between two tries: 0.8 to 2.5 s
const AT_ONCE = 2; // tries that hang at the same time: a slow network may need longer than one pause
const REST = 30_000; // how long a hidden page stays connected
const WHEN_FULL = 10_000;

export class Stream {
  constructor(address, told) {
    this.address = address;
    this.told = told;
    this.heard = performance.now();
    this.good = false;
    this.full = false;
    this.asleep = false;
    this.sources = [];
    this.newest = 0;
    this.page = newName();
    this.tries = 0;
    setInterval(() => this.watch(), 500);
    for (const name of ["online", "pageshow"]) window.addEventListener(name, () => this.wake());
    window.addEventListener("offline", () => this.lose());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.wake()));
  }

  open() {
    clearTimeout(this.next);
    while (this.sources.length >= AT_ONCE) this.sources.shift().close();
    this.tries += 1;
    const source = new EventSource(`${this.address}&page=${this.page}-${this.tries % AT_ONCE}`);
    this.opened = performance.now();
    this.sources.push(source);
    source.addEventListener("state", (event) => this.hear(source, () => this.state(event)));
    source.addEventListener("beat", (event) => this.hear(source, () => this.told.beat(Number(event.data))));
    source.addEventListener("over", () => location.reload()); // signed out: the page that comes asks to sign in
    source.onerror = () => this.failed(source);
    this.next = setTimeout(() => this.good || this.asleep || this.open(), this.pause());
  }

  pause() {
    return this.full ? WHEN_FULL * (1 + Math.random()) : SOONEST + Math.random() * SPREAD;
  }

  // The first of the tries that speaks stays, the others go.
  hear(source, then) {
    if (!this.sources.includes(source)) return;
    for (const other of this.sources) if (other !== source) other.close();
    this.sources = [source];
    this.heard = performance.now();
    this.full = false;
    const back = !this.good;
    this.good = true;
    then();
    if (back) this.told.back();
  }

  // A process that has not looked yet may begin with what is older than what the page shows; it catches up by itself.
  state(event) {
    const id = Number(event.lastEventId);
    if (id && id < this.newest && performance.now() - this.opened < 6000) return;
    this.newest = id || this.newest;
    this.told.state(event.data);
  }

  failed(source) {
    source.close();
    if (!this.sources.includes(source)) return;
    this.sources = this.sources.filter((one) => one !== source);
    if (this.sources.length === 0) this.lose();
  }

  lose() {
    if (this.good) {
      this.good = false;
      this.told.lost();
    }
    if (this.asleep) return;
    clearTimeout(this.next);
    this.next = setTimeout(() => this.good || this.asleep || this.open(), this.pause());
  }

  watch() {
    if (this.good && performance.now() - this.heard > SILENCE) {
      this.lose();
      this.open();
    }
  }

  wake() {
    clearTimeout(this.resting);
    const slept = this.asleep;
    this.asleep = false;
    const fresh = this.sources.length > 0 && performance.now() - this.opened < SOONEST;
    if (fresh) return;
    if (slept || !this.good || performance.now() - this.heard > 16_000) this.open();
    this.told.woken();
  }

  rest() {
    this.resting = setTimeout(() => {
      this.asleep = true;
      this.good = false;
      for (const source of this.sources) source.close();
      this.sources = [];
    }, REST);
  }
}

// By this name the server knows a page that comes back, and lets its dead stream go. Not crypto.randomUUID: a hall without
// HTTPS does not have it.
function newName() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
