// Sends the forms marked data-act without leaving the page; the stream brings what changed. Without an answer within
// ten seconds the press counts as lost and may be made again: the server takes each of them once.

const LONG_ENOUGH = 10_000;

export function mount(root) {
  const sending = new WeakSet();

  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-act]")) return;
    event.preventDefault();
    if (sending.has(form)) return;
    sending.add(form);
    const button = event.submitter;
    const address = button?.getAttribute("formaction") ? button.formAction : form.action;
    const fields = [...new FormData(form), ...(button?.name ? [[button.name, button.value]] : [])];
    try {
      const response = await fetch(address, {
        method: "POST",
        body: new URLSearchParams(fields),
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(LONG_ENOUGH),
      });
      const answer = await response.json().catch(() => ({}));
      say(root, response.ok ? "" : (answer.problem ?? "Chưa thực hiện được. Tải lại trang rồi thử lại."));
      if (response.ok) sent(form, answer);
    } catch {
      say(root, "Chưa gửi được vì mất kết nối. Chờ nối lại rồi bấm lần nữa.");
    } finally {
      sending.delete(form);
      if (root.hasAttribute("data-lost")) root.dispatchEvent(new CustomEvent("live:refresh"));
    }
  });
}

// What was typed is gone once it has arrived, and the next message has a key of its own.
function sent(form, answer) {
  if (!answer.message_key) return;
  form.elements.message_key.value = answer.message_key;
  form.elements.text.value = "";
}

function say(root, words) {
  const place = root.querySelector("[data-act-problem]");
  if (!place) return;
  place.querySelector("[data-act-words]").textContent = words;
  place.hidden = !words;
}
