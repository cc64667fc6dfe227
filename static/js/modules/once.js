// A form that writes is sent once: a second press while the answer is on its way does nothing.

const LONG_ENOUGH = 15_000; // after that the answer is lost, and pressing again must be possible

export function mount(element) {
  let sent = new WeakMap();

  element.addEventListener("submit", (event) => {
    const form = event.target;
    const method = event.submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get";
    if (event.defaultPrevented || method.toLowerCase() !== "post") return;
    if (Date.now() - (sent.get(form) ?? -LONG_ENOUGH) < LONG_ENOUGH) event.preventDefault();
    else sent.set(form, Date.now());
  });
  window.addEventListener("pageshow", () => (sent = new WeakMap())); // the back button brings a page to life again
}
