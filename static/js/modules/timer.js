// Keeps every [data-timer] of the page running on the server's clock: step, clock, late, projected.
import { hour, lateness, reading } from "../lib/clock.js";
import { clock } from "../live/server-clock.js";

const kinds = {
  clock: (element, now) => write(element, hour(now)),
  step: showStep,
  late: showLate,
  projected: (element, now) => {
    const { free, left } = element.dataset;
    if (free && left) write(element, hour(Math.max(Number(free), now) + Number(left)));
  },
};

export function mount(root) {
  const first = root.querySelector('[data-timer="clock"]');
  if (first) clock.guess(Number(first.dataset.at));
  tick(root);
  setInterval(() => tick(root), 250);
  root.addEventListener("live:swapped", () => tick(root));
}

function tick(root) {
  const now = clock.now();
  if (now === null) return;
  for (const element of root.querySelectorAll("[data-timer]")) kinds[element.dataset.timer]?.(element, now);
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
  if (shown.state === "over" && !element.classList.contains("timer--over")) navigator.vibrate?.(200);
  element.classList.toggle("timer--over", shown.state === "over");
}

function showLate(element, now) {
  const { free, due } = element.dataset;
  if (!free || !due) return;
  const shown = lateness(Math.floor((Math.max(Number(free), now) - Number(due)) / 1000));
  write(element.querySelector("[data-word]"), shown.words);
  element.classList.toggle("pill--warn", shown.kind === "late");
  element.classList.toggle("pill--ok", shown.kind !== "late");
}

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
