// How far the phone's clock is off, from questions to the server: [{ sent, received, server }], all in milliseconds.
// The answer that was quickest is the least wrong. Server minus phone; 0 while nothing is known.

export function offsetOf(samples) {
  let best = null;
  for (const { sent, received, server } of samples) {
    const trip = received - sent;
    if (trip < 0 || (best && trip >= best.trip)) continue;
    best = { trip, offset: Math.round(server - (sent + received) / 2) };
  }
  return best?.offset ?? 0;
}
