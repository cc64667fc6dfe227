// Whether this browser holds control of the stage: what is pressed is seen only here, and every other console is told.
import { add, say } from "../live/problem.js";

export function mount(root) {
  const look = () => {
    const told = root.querySelector("[data-holder]");
    if (!told || !root.dataset.console) return;
    const holder = told.dataset.holder;
    const holds = !holder || holder === root.dataset.console;
    const before = root.dataset.holds;
    root.dataset.holds = holds ? "yes" : "no";
    if (before === "yes" && !holds) {
      add(root, `${told.dataset.holderName} vừa nhận điều khiển. Máy này chỉ xem.`);
      navigator.vibrate?.([200, 100, 200]);
    }
    if (before === "no" && holds) say(root, "");
  };
  root.addEventListener("live:swapped", look);
  look();
}
