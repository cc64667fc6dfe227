// Words of the letters: shows the letter while somebody types, and puts fields in where the cursor was.
// Without this the page shows the letter after "Xem thử", and fields are typed by hand.

const PAUSE = 250;

export function mount(element) {
  const form = element.querySelector("form");
  const preview = element.querySelector("[data-preview]");
  const person = element.querySelector("#person");
  let timer = null;
  let asked = null;

  async function show() {
    asked?.abort();
    asked = new AbortController();
    try {
      const response = await fetch(element.dataset.url, { method: "POST", body: new FormData(form), signal: asked.signal });
      if (!response.ok) throw new Error(String(response.status));
      preview.innerHTML = (await response.json()).html;
      preview.removeAttribute("data-stale");
    } catch (error) {
      if (error.name !== "AbortError") preview.setAttribute("data-stale", "");
    }
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  }

  form.addEventListener("input", soon);
  person?.addEventListener("change", show);
  insertFields(element.querySelector("[data-fields]"), form, soon);
}

function insertFields(box, form, soon) {
  let target = form.querySelector("textarea");
  const word = box.querySelector("[data-target]");
  const name = () => {
    word.textContent = ` – bấm để chèn vào “${target.labels[0].firstChild.textContent.trim()}”`;
  };
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("textarea")) {
      target = event.target;
      name();
    }
  });
  for (const mark of box.querySelectorAll("[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = mark.className;
    button.textContent = mark.dataset.insert;
    button.addEventListener("click", () => {
      target.setRangeText(mark.dataset.insert, target.selectionStart, target.selectionEnd, "end");
      target.focus();
      soon();
    });
    mark.replaceWith(button);
  }
  name();
}
