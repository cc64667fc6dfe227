// A button that must be held: pure, told the time. `begin` when pressed, `end` when let go; done() once per hold.

export const HOLD_MS = 800;

export class Hold {
  constructor(length = HOLD_MS) {
    this.length = length;
    this.begun = null;
  }

  begin(now) {
    if (this.begun === null) this.begun = now;
  }

  // Whether the hold was long enough; it counts once, then the button has to be let go and pressed anew.
  reached(now) {
    if (this.begun === null || this.begun === "spent" || now - this.begun < this.length) return false;
    this.begun = "spent";
    return true;
  }

  // Let go: true when that was only a tap, so that the page can say what to do.
  end() {
    const tapped = this.begun !== null && this.begun !== "spent";
    this.begun = null;
    return tapped;
  }
}
