// Makes the [data-insert] marks of a page buttons that put their field where the cursor stands in data-into.

export function mount(box) {
  const target = document.getElementById(box.dataset.into);
  for (const mark of box.querySelectorAll("[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = mark.className;
    button.textContent = mark.dataset.insert;
    button.addEventListener("click", () => {
      target.setRangeText(mark.dataset.insert, target.selectionStart, target.selectionEnd, "end");
      target.focus();
      target.dispatchEvent(new Event("input", { bubbles: true }));
    });
    mark.replaceWith(button);
  }
}
