// Orders of a list and where a dragged row belongs; no document, no fetch.

// The order after `item` went one place up (-1) or down (1); the same order when it stands at that end.
export function step(order, item, by) {
  const from = order.indexOf(item);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return order;
  const next = order.slice();
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

// Among boxes { top, height } in their order, the place that a row held at height `y` would take.
export function placeAt(boxes, y) {
  const below = boxes.findIndex((box) => y < box.top + box.height / 2);
  return below < 0 ? boxes.length : below;
}

export function same(a, b) {
  return a.length === b.length && a.every((value, place) => value === b[place]);
}
