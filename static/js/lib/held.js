// The same code held in front of the camera is one scan: it counts again only after it has left the view, and a code
// that is missed in a few frames has not left it.

const AWAY = 1500;
const AT_LEAST = 3000;

export function createHeld({ away = AWAY, atLeast = AT_LEAST } = {}) {
  let held = null;
  let seenAt = -Infinity;
  let firstAt = -Infinity;
  return {
    // Tells whether a code seen at `now` (milliseconds) is a new scan.
    isNew(code, now) {
      if (code !== held || (now - seenAt >= away && now - firstAt >= atLeast)) {
        held = code;
        firstAt = now;
        seenAt = now;
        return true;
      }
      seenAt = now;
      return false;
    },
  };
}
