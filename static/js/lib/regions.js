// Which regions of a page have changed since they were last seen. Pure.
// `known` maps id -> HTML and is brought up to date; `coming` are pairs [id, HTML].

export function differing(known, coming) {
  const changed = coming.filter(([id, html]) => known.get(id) !== html).map(([id]) => id);
  for (const [id, html] of coming) known.set(id, html);
  return changed;
}
