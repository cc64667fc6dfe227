// A hand scanner types like a person, only much faster, and ends with Enter or Tab. Told of every key with its time
// in milliseconds, this gives back the scanned text when one is complete.

const GAP = 100; // a person needs more between two keys; scanners need less, also before a busy phone
const LEAST = 8;

export function createWedge({ gap = GAP, least = LEAST } = {}) {
  let text = "";
  let last = -Infinity;
  return {
    // How many keys of the present run have come; the page uses it to know where a run begins.
    get length() {
      return text.length;
    },
    key(key, time) {
      const quick = time - last <= gap;
      last = time;
      if (key === "Enter" || key === "Tab") {
        const whole = quick && text.length >= least ? text : null;
        text = "";
        return whole;
      }
      if ([...key].length !== 1) return null; // Shift and its like belong to the run and add nothing
      text = quick ? text + key : key;
      return null;
    },
  };
}

// Input methods (Telex, VNI) turn "DD" into "Đ" before a page sees it; the place of the key on a US keyboard, which
// scanners pretend to be, does not change. event: { key, code, shiftKey }.
export function plainKey({ key, code = "", shiftKey = false }) {
  if (/^[ -~]$/.test(key)) return key;
  const letter = /^Key([A-Z])$/.exec(code);
  if (letter) return shiftKey ? letter[1] : letter[1].toLowerCase();
  const digit = /^Digit([0-9])$/.exec(code);
  if (digit && !shiftKey) return digit[1];
  return { Slash: "/", Period: ".", Minus: "-", Semicolon: shiftKey ? ":" : ";" }[code] ?? key;
}
