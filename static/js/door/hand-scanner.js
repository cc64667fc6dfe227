// A hand scanner may be used at any moment, wherever the focus is: what it types is taken out of the field again.
import { createWedge, plainKey } from "../lib/wedge.js";

export function listenToHandScanner(onCode) {
  const wedge = createWedge();
  let field = null;
  let before = "";
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      const typedInto = event.target.matches?.("input") ? event.target : null;
      const value = typedInto?.value ?? "";
      const code = wedge.key(plainKey(event), event.timeStamp);
      if (wedge.length === 1) [field, before] = [typedInto, value];
      if (code === null) return;
      event.preventDefault();
      event.stopPropagation();
      if (field) field.value = before;
      onCode(code);
    },
    true,
  );
}
