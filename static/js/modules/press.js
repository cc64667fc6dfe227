// Sends the MC's presses without leaving the page. Each press has a key of its own; one that got no answer is sent again
// under the same key, so that it counts once. Without network at most one press waits, marked as waiting, for a minute
// at most; it names the version that it was made on, so the server refuses it when the programme has gone on.
import { say } from "../live/problem.js";
import { clock } from "../live/server-clock.js";
import { Waiting } from "../lib/waiting.js";

const PATIENCE = 8000; // a press without answer for so long waits for the network
const AGAIN = 1000;

export function mount(root) {
  new Presses(root);
}

class Presses {
  constructor(root) {
    this.root = root;
    this.busy = false;
    this.waiting = new Waiting();
    root.addEventListener("submit", (event) => this.submitted(event));
    root.addEventListener("hold:done", (event) => this.held(event.target));
    root.addEventListener("live:back", () => this.tryAgain());
    root.querySelector("[data-waiting-drop]")?.addEventListener("click", () => this.drop("Đã bỏ thao tác đang chờ gửi."));
    setInterval(() => this.look(), AGAIN);
  }

  submitted(event) {
    const form = event.target;
    if (!form.matches("[data-press-form]")) return;
    event.preventDefault();
    const button = event.submitter;
    this.press(form, button?.name ? [[button.name, button.value]] : [], words(button));
  }

  held(button) {
    const form = this.root.querySelector("#moves");
    if (form) this.press(form, [["verb", button.value]], words(button));
  }

  press(form, fields, said) {
    if (this.busy) return;
    if (this.waiting.press) return this.say("Còn một thao tác đang chờ gửi. Chờ nối lại, hoặc bỏ thao tác đó trước.");
    const body = new URLSearchParams([...new FormData(form), ...fields]);
    if (body.has("press_key")) body.set("press_key", newKey());
    if (clock.now() !== null) body.set("pressed", String(Math.round(clock.now())));
    this.send({ address: form.action, body, said, form });
  }

  async send(press) {
    this.busy = true;
    this.root.dataset.pressing = "";
    const leave = new AbortController();
    const timer = setTimeout(() => leave.abort(), PATIENCE);
    try {
      const response = await fetch(press.address, {
        method: "POST", body: press.body, headers: { Accept: "application/json" }, signal: leave.signal,
      });
      const answer = await response.json();
      if (response.status >= 500) throw new Error(String(response.status));
      this.answered(press, response.ok, answer);
    } catch {
      this.unanswered(press);
    } finally {
      clearTimeout(timer);
      this.busy = false;
      delete this.root.dataset.pressing;
      this.show();
      if (this.root.hasAttribute("data-lost")) this.root.dispatchEvent(new CustomEvent("live:refresh"));
    }
  }

  answered(press, done, answer) {
    this.waiting.settle();
    this.say(done ? "" : (answer.problem ?? "Chưa thực hiện được. Tải lại trang rồi thử lại."));
    if (done && press.form?.id === "insert") press.form.reset();
  }

  unanswered(press) {
    this.waiting.take(press, performance.now(), Date.now());
    this.say("");
  }

  tryAgain() {
    if (this.waiting.press && !this.busy) this.send(this.waiting.press);
  }

  look() {
    if (!this.waiting.press) return;
    if (this.waiting.expired(performance.now(), Date.now())) {
      return this.drop("Thao tác chờ gửi đã quá một phút nên bị bỏ. Xem lại màn hình rồi bấm lại.");
    }
    if (navigator.onLine !== false && !this.root.hasAttribute("data-lost")) this.tryAgain();
    this.show();
  }

  drop(said) {
    this.waiting.settle();
    this.say(said);
    this.show();
  }

  show() {
    const place = this.root.querySelector("[data-press-waiting]");
    if (!place) return;
    const press = this.waiting.press;
    place.hidden = !press;
    if (!press) return;
    place.querySelector("[data-waiting-words]").textContent = press.said;
    place.querySelector("[data-waiting-left]").textContent = this.waiting.left(performance.now());
  }

  say(said) {
    const place = say(this.root, said);
    if (said) place.scrollIntoView({ block: "nearest" });
  }
}

// What a press was, for who waits: the words on its button.
function words(button) {
  const text = button?.querySelector(".hold__words > span") ?? button;
  return (button?.getAttribute("aria-label") ?? text?.textContent ?? "").replace(/\s+/g, " ").trim();
}

// Not crypto.randomUUID: a hall without HTTPS does not have it.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
