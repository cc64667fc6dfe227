// A button that copies data-text (or the text of the element named by data-from) and says so in a word.

export function mount(button) {
  if (!navigator.clipboard) {
    button.hidden = true;
    return;
  }
  const word = button.querySelector("[data-word]") ?? button;
  const before = word.textContent;
  button.addEventListener("click", async () => {
    const source = button.dataset.from && document.getElementById(button.dataset.from);
    const text = button.dataset.text ?? (source ? (source.value ?? source.textContent).trim() : "");
    try {
      await navigator.clipboard.writeText(text);
      word.textContent = button.dataset.done ?? "Đã chép";
    } catch {
      word.textContent = "Không chép được, hãy bôi đen và chép tay";
    }
    setTimeout(() => (word.textContent = before), 2500);
  });
}
