// A form whose changes would be lost asks before the page is left. Sending it is not leaving.

export function mount(form) {
  let changed = form.dataset.changed !== undefined;
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
