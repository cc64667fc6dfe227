// Brings the reader to what needs attention: the summary of errors after a form came back.

export function mount(element) {
  element.focus({ preventScroll: false });
}
