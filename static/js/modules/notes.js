// Tells the server that messages have been shown to the MC: only what a visible page has painted counts.

export function mount(root) {
  const told = new Set();

  async function look() {
    const place = root.querySelector("[data-messages]");
    const fresh = (place?.dataset.messages ?? "").split(" ").filter((id) => id && !told.has(id));
    if (!fresh.length || document.hidden) return;
    fresh.forEach((id) => told.add(id));
    navigator.vibrate?.([120, 80, 120]);
    try {
      const response = await fetch(root.dataset.seen, {
        method: "POST",
        body: JSON.stringify({ ids: fresh.map(Number) }),
        headers: { "Content-Type": "application/json", "X-CSRFToken": root.dataset.token, Accept: "application/json" },
      });
      if (!response.ok) fresh.forEach((id) => told.delete(id));
    } catch {
      fresh.forEach((id) => told.delete(id)); // told again with the next change
    }
  }

  // Somebody came in late: a short touch, and the words read aloud; nothing moves under the MC's thumb.
  const knocked = new Set(late());
  function late() {
    return (root.querySelector("[data-knock]")?.dataset.knock ?? "").split(" ").filter(Boolean);
  }
  function knock() {
    const fresh = late().filter((id) => !knocked.has(id));
    if (!fresh.length) return;
    fresh.forEach((id) => knocked.add(id));
    navigator.vibrate?.(40);
    const place = root.querySelector("[data-live-say]");
    if (place) place.textContent = root.querySelector("[data-knock]").dataset.sayLate;
    root.querySelector("#stage-people")?.classList.add("is-knocking");
  }

  root.addEventListener("live:swapped", look);
  root.addEventListener("live:swapped", knock);
  document.addEventListener("visibilitychange", look);
  look();
}
