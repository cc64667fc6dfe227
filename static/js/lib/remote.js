// A presenter's remote sends one short key for each press: the first asks, the second within three seconds does it. Two
// keys closer together than a hand means them are one press. Pure, told the time in milliseconds.

export const SOONEST = 300;
export const LATEST = 3000;

export class Remote {
  constructor() {
    this.armed = null;
  }

  // One key; true when it was the second of a pair.
  key(now, version) {
    const first = this.armed;
    if (first && first.version === version && now - first.at < SOONEST) return false;
    if (first && first.version === version && now - first.at <= LATEST) {
      this.armed = null;
      return true;
    }
    this.armed = { at: now, version };
    return false;
  }

  waits(now) {
    return this.armed !== null && now - this.armed.at <= LATEST;
  }
}
