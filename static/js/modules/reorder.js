// Lists marked [data-order] are put in order by dragging [data-handle], by arrow keys on it, or by the arrow buttons
// of a [data-move] form. The new order is sent at once to data-url; presses made meanwhile are sent together afterwards.
import { placeAt, same, step } from "../lib/reorder.js";

const FAILED = "Chưa lưu được thứ tự vì mất kết nối. Thứ tự trên màn hình đã trở lại như cũ; hãy thử lại.";

export function mount(root) {
  const token = root.querySelector("[name=csrf_token]").value;
  const lists = [...root.querySelectorAll("[data-order]")].map((element) => follow(element, root, token));
  const listOf = (node) => lists.find((list) => list.element === node.closest("[data-order]"));

  for (const handle of root.querySelectorAll("[data-handle]")) handle.hidden = false;

  root.addEventListener("submit", (event) => {
    if (event.target.dataset.move === undefined || !event.submitter) return;
    event.preventDefault();
    listOf(event.target).go(event.target.closest("[data-item]"), event.submitter.value === "up" ? -1 : 1, event.submitter);
  });
  root.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target.dataset.handle === undefined) return;
    event.preventDefault();
    listOf(event.target).go(event.target.closest("[data-item]"), by, event.target);
  });
  root.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (handle && event.button === 0) listOf(handle).drag(handle, event);
  });
}

function follow(element, root, token) {
  const rows = () => [...element.children];
  const order = () => rows().map((row) => Number(row.dataset.item));
  let stored = order();
  let sending = false;

  function show(wanted, focused) {
    const byId = new Map(rows().map((row) => [Number(row.dataset.item), row]));
    element.append(...wanted.map((id) => byId.get(id)));
    focused?.focus({ preventScroll: true });
    focused?.scrollIntoView({ block: "nearest" });
  }

  function go(row, by, focused) {
    const wanted = step(order(), Number(row.dataset.item), by);
    if (same(wanted, order())) {
      say(root, by < 0 ? "Mục đã ở đầu danh sách." : "Mục đã ở cuối danh sách.");
      return;
    }
    show(wanted, focused);
    changed(row);
  }

  function changed(row) {
    const place = order().indexOf(Number(row.dataset.item)) + 1;
    say(root, `Đã chuyển “${row.querySelector("[data-title]").textContent.trim()}” đến vị trí ${place} trong ${stored.length}.`);
    send();
  }

  async function send() {
    if (sending) return;
    sending = true;
    try {
      while (!same(order(), stored)) await put(order());
      complain(root, null);
    } catch (problem) {
      const focused = element.contains(document.activeElement) ? document.activeElement : null;
      show(stored, focused);
      complain(root, problem.sentence ?? FAILED);
    } finally {
      sending = false;
    }
  }

  async function put(wanted) {
    const response = await fetch(root.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ parent: Number(element.dataset.order) || null, order: wanted, seen: element.dataset.version }),
    });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(String(response.status)), { sentence: answer.problem });
    stored = wanted;
    element.dataset.version = answer.version;
    for (const [id, row] of Object.entries(answer.rows)) write(root, id, row);
  }

  function drag(handle, start) {
    const row = handle.closest("[data-item]");
    const before = order();
    const watch = new AbortController();
    start.preventDefault();
    handle.focus({ preventScroll: true });
    row.classList.add("is-lifted");

    const follow = (event) => {
      if (event.pointerId !== start.pointerId) return;
      const others = rows().filter((one) => one !== row);
      const place = placeAt(others.map((one) => one.getBoundingClientRect()), event.clientY);
      const next = others[place] ?? null;
      if (row.nextElementSibling !== next) element.insertBefore(row, next);
    };
    const end = (keep) => {
      watch.abort();
      row.classList.remove("is-lifted");
      if (!keep) show(before, handle);
      else if (!same(order(), before)) changed(row);
      handle.focus({ preventScroll: true });
    };
    const options = { signal: watch.signal };
    document.addEventListener("pointermove", follow, options);
    document.addEventListener("pointerup", (event) => event.pointerId === start.pointerId && end(true), options);
    document.addEventListener("pointercancel", () => end(false), options);
    document.addEventListener("keydown", (event) => event.key === "Escape" && end(false), options);
  }

  return { element, go, drag };
}

function write(root, id, row) {
  const target = root.querySelector(`[data-item="${id}"]`);
  if (!target) return;
  target.querySelector("[data-mark]").textContent = row.mark;
  target.querySelector("[data-starts]").textContent = row.starts;
}

function say(root, sentence) {
  root.querySelector("[data-said]").textContent = sentence;
}

function complain(root, sentence) {
  const box = root.querySelector("[data-problem]");
  box.querySelector("[data-sentence]").textContent = sentence ?? "";
  box.hidden = !sentence;
}
