// [data-remote]: the button that a presenter's remote presses, with PageDown or the right arrow, twice: the first press
// asks on the button itself, the second does it.
import { LATEST, Remote } from "../lib/remote.js";

const KEYS = new Set(["PageDown", "ArrowRight"]);

export function mount(root) {
  const remote = new Remote();
  let timer = null;

  function ask(button, asking) {
    button.toggleAttribute("data-asking", asking);
    const hint = button.querySelector("[data-hint]");
    if (!hint) return;
    hint.dataset.words ??= hint.textContent;
    hint.textContent = asking ? "bấm lần nữa để chuyển" : hint.dataset.words;
  }

  window.addEventListener("keydown", (event) => {
    if (!KEYS.has(event.key) || event.target.closest?.("input, select, textarea, dialog")) return;
    const button = root.querySelector("[data-remote]");
    if (!button || root.dataset.holds === "no") return;
    event.preventDefault();
    if (event.repeat) return;
    const version = root.querySelector("[data-version]")?.dataset.version;
    clearTimeout(timer);
    if (remote.key(performance.now(), version)) {
      ask(button, false);
      button.dispatchEvent(new CustomEvent("hold:done", { bubbles: true }));
      return;
    }
    ask(button, true);
    timer = setTimeout(() => button.isConnected && ask(button, false), LATEST);
  });
}
