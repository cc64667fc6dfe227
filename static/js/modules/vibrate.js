// Makes the MC's device tremble when the step has a minute left and when it is over: felt without looking.

const PATTERNS = { "timer--end": [150], "timer--over": [300, 150, 300] };

export function mount(root) {
  let known = null;
  root.addEventListener("timer:ticked", () => {
    const timer = root.querySelector('[data-timer="step"]');
    const step = timer?.dataset.since ?? null;
    const state = Object.keys(PATTERNS).find((name) => timer?.classList.contains(name)) ?? "";
    if (known && known.step === step && known.state !== state && PATTERNS[state]) navigator.vibrate?.(PATTERNS[state]);
    known = { step, state };
  });
}
