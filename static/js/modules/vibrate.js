// Makes the MC's device tremble when the step has a minute left, when it is over, and when the network has been away for
// half a minute: felt without looking.

const PATTERNS = { "timer--end": [150], "timer--over": [300, 150, 300] };

const LOST = [600, 200, 600];

export function mount(root) {
  let known = null;
  root.addEventListener("live:lost-long", () => navigator.vibrate?.(LOST));
  root.addEventListener("timer:ticked", () => {
    const timer = root.querySelector('[data-timer="step"]');
    const step = timer?.dataset.since ?? null;
    const state = Object.keys(PATTERNS).find((name) => timer?.classList.contains(name)) ?? "";
    if (known && known.step === step && known.state !== state && PATTERNS[state]) navigator.vibrate?.(PATTERNS[state]);
    known = { step, state };
  });
}
