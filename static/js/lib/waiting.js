// The one press that waits for the network. Pure: told the time, by a clock that only runs forward (`steady`) and by the
// device's own (`wall`), because the first may stand still while the device sleeps and the second may be set.

export const LONGEST = 60_000;

export class Waiting {
  constructor(longest = LONGEST) {
    this.longest = longest;
    this.press = null;
  }

  // Keep a press that got no answer; trying it again does not give it more time.
  take(press, steady, wall) {
    if (this.press === press) return;
    this.press = press;
    this.since = steady;
    this.wall = wall;
  }

  settle() {
    this.press = null;
  }

  expired(steady, wall) {
    return this.press !== null && Math.max(steady - this.since, wall - this.wall) > this.longest;
  }

  // Whole seconds until it counts no more.
  left(steady) {
    return Math.max(0, Math.ceil((this.longest - (steady - this.since)) / 1000));
  }
}
