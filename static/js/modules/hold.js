// [data-hold]: a button that works only when it is held, by finger, mouse, Enter or space. A press that no hand held
// (a screen reader's, a switch's) goes to the page that asks again, and so does everybody without JavaScript.
import { Hold } from "../lib/hold.js";

const KEYS = new Set(["Enter", " "]);

export function mount(root) {
  const hold = new Hold();
  let button = null;
  let timer = null;

  function begin(target) {
    if (button) return;
    button = target;
    hold.begin(performance.now());
    button.dataset.holding = "";
    timer = setInterval(look, 20);
  }

  function look() {
    if (!button.isConnected) return letGo();
    if (!hold.reached(performance.now())) return;
    clearInterval(timer);
    delete button.dataset.holding;
    navigator.vibrate?.(60);
    button.dispatchEvent(new CustomEvent("hold:done", { bubbles: true }));
  }

  function letGo() {
    if (!button) return;
    clearInterval(timer);
    delete button.dataset.holding;
    if (hold.end() && button.isConnected) remind(button);
    button = null;
  }

  root.addEventListener("pointerdown", (event) => {
    const target = event.target.closest("[data-hold]");
    if (target && event.button === 0) begin(target);
  });
  root.addEventListener("pointerout", (event) => {
    if (button && event.target.closest("[data-hold]") === button && !button.contains(event.relatedTarget)) letGo();
  });
  for (const name of ["pointerup", "pointercancel", "blur"]) window.addEventListener(name, letGo);
  root.addEventListener("contextmenu", (event) => {
    if (event.target.closest("[data-hold]")) event.preventDefault();
  });
  root.addEventListener("keydown", (event) => {
    const target = event.target.closest("[data-hold]");
    if (!target || !KEYS.has(event.key)) return;
    event.preventDefault();
    if (!event.repeat) begin(target);
  });
  window.addEventListener("keyup", (event) => {
    if (KEYS.has(event.key)) letGo();
  });
  // detail counts the clicks of a hand; 0 means that no hand was there
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-hold]") && event.detail > 0) event.preventDefault();
  });
}

function remind(button) {
  const hint = button.querySelector("[data-hint]");
  if (!hint) return;
  hint.dataset.words ??= hint.textContent;
  hint.textContent = "giữ lâu hơn một chút";
  setTimeout(() => {
    hint.textContent = hint.dataset.words;
  }, 2000);
}
