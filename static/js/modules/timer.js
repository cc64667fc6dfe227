// Keeps every [data-timer] of the page running on the server's clock: step, clock, late, projected.
import { hour, lateness, reading } from "../lib/clock.js";
import { begin, clock } from "../live/server-clock.js";

const kinds = {
  clock: (element, now) => write(element, hour(now)),
  step: showStep,
  late: showLate,
  projected: (element, now) => {
    const through = until(element.dataset, now);
    const { left, notBefore } = element.dataset;
    if (through !== null && left) write(element, hour(Math.max(through + Number(left), Number(notBefore ?? 0))));
  },
};

export function mount(root) {
  begin(root);
  tick(root);
  setInterval(() => tick(root), 250);
  root.addEventListener("live:swapped", () => tick(root));
}

function tick(root) {
  const now = clock.now();
  if (now === null) return;
  for (const element of root.querySelectorAll("[data-timer]")) kinds[element.dataset.timer]?.(element, now);
  root.dispatchEvent(new CustomEvent("timer:ticked"));
}

function showStep(element, now) {
  if (!element.dataset.since) return;
  const minutes = element.dataset.minutes ? Number(element.dataset.minutes) : null;
  const shown = reading(Math.max(0, Math.floor((now - Number(element.dataset.since)) / 1000)), minutes);
  write(element.querySelector("[data-big]"), shown.big);
  write(element.querySelector("[data-word]"), shown.word);
  write(element.querySelector("[data-detail]"), shown.detail);
  const bar = element.querySelector("progress");
  if (bar) bar.value = shown.value;
  element.classList.toggle("timer--end", shown.state === "end");
  element.classList.toggle("timer--over", shown.state === "over");
}

// When the running step is through: at a moment, or while it is paused so long from now.
function until({ free, rest }, now) {
  if (rest) return now + Number(rest);
  return free ? Math.max(Number(free), now) : null;
}

function showLate(element, now) {
  const through = until(element.dataset, now);
  const { due } = element.dataset;
  if (through === null || !due) return;
  const shown = lateness(Math.floor((through - Number(due)) / 1000));
  write(element.querySelector("[data-word]"), shown.words);
  element.classList.toggle("pill--warn", shown.kind === "late");
  element.classList.toggle("pill--ok", shown.kind !== "late");
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
