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
    const closer = event.target.closest("[data-closes]");
    if (closer || event.target.localName === "dialog") {
      const open = event.target.closest("dialog");
      if (!open) return;
      event.preventDefault();
      open.close();
    }
  });
}
