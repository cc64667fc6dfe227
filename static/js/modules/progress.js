// Follows work on the server: asks data-url every second while the page is seen, moves the bar, and at the end shows
// the link to the result. With data-reload the page is loaded again instead, so that it shows what was made.
import { pause, reading } from "../lib/progress.js";

export function mount(element) {
  let timer = null;
  let failures = 0;
  let finished = false;

  async function look() {
    timer = null;
    try {
      const response = await fetch(element.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      failures = 0;
      show(element, reading(await response.json()));
    } catch {
      failures += 1;
    }
    next();
  }

  function next() {
    finished = element.dataset.finished !== undefined;
    if (!finished && !document.hidden && timer === null) timer = setTimeout(look, pause(failures));
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(timer);
      timer = null;
    } else {
      next();
    }
  });
  look();
}

function show(element, now) {
  const bar = element.querySelector("progress");
  bar.max = now.max;
  bar.value = now.done;
  write(element, "[data-done]", now.done);
  write(element, "[data-total]", now.total);
  write(element, "[data-word]", now.word);
  if (!now.finished) return;
  element.dataset.finished = now.failed ? "failed" : "done";
  if (element.dataset.reload !== undefined) {
    location.reload();
    return;
  }
  if (now.failed) return;
  const result = element.querySelector("[data-result]");
  if (result && now.result) {
    result.querySelector("a").href = now.result;
    result.hidden = false;
  }
}

function write(element, selector, value) {
  const target = element.querySelector(selector);
  if (target && target.textContent !== String(value)) target.textContent = value;
}
