// Sends the MC's presses without leaving the page. Each press has a key of its own; one that got no answer is sent again
// under the same key, so that it counts once. What was refused is said in words and never sent again by itself.

export function mount(root) {
  let busy = false;
  let unanswered = null; // "verb of version" -> the key it went under

  async function send(form, fields) {
    if (busy) return;
    busy = true;
    root.dataset.pressing = "";
    const body = new URLSearchParams([...new FormData(form), ...fields]);
    const what = `${body.get("verb")} ${body.get("seen")}`;
    if (body.has("press_key")) body.set("press_key", unanswered?.what === what ? unanswered.key : newKey());
    unanswered = { what, key: body.get("press_key") };
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json().catch(() => ({}));
      if (response.status < 500) unanswered = null;
      say(root, response.ok ? "" : (answer.problem ?? "Chưa thực hiện được. Tải lại trang rồi thử lại."));
    } catch {
      say(root, "Chưa gửi được vì mất kết nối. Chờ nối lại rồi bấm lần nữa.");
    } finally {
      busy = false;
      delete root.dataset.pressing;
      if (root.hasAttribute("data-lost")) root.dispatchEvent(new CustomEvent("live:refresh"));
    }
  }

  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-press-form]")) return;
    event.preventDefault();
    const button = event.submitter;
    send(form, button?.name ? [[button.name, button.value]] : []);
  });
  root.addEventListener("hold:done", (event) => {
    const form = root.querySelector("#moves");
    if (form) send(form, [["verb", event.target.value]]);
  });
}

// Not crypto.randomUUID: a hall without HTTPS does not have it.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(root, words) {
  const place = root.querySelector("[data-press-problem]");
  place.querySelector("[data-press-words]").textContent = words;
  place.hidden = !words;
}
