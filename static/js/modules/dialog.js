// A native dialog: inside the element, data-opens="id" opens it, data-closes closes the dialog it stands in.
// The focus goes back to the button by itself; a click on the veil closes.

export function mount(element) {
  element.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    const open = event.target.closest("dialog");
    if (!open) return;
    if (event.target.closest("[data-closes]") || (event.target === open && outside(open, event))) {
      event.preventDefault();
      open.close();
    }
  });
}

// A click on the veil arrives at the dialog too, but beside its box; the box's own edge must not close it.
function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  const within = event.clientX >= box.left && event.clientX <= box.right
    && event.clientY >= box.top && event.clientY <= box.bottom;
  return !within;
}
