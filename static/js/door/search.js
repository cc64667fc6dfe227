// Finding a delegate by name, post or body; the server folds diacritics.
import { hour } from "../lib/verdict-view.js";
import { get, Refused } from "./server.js";

const PAUSE = 180;

// told: onChoose(delegateId), onReach(reachable), onRefused(sentence)
export function mountSearch(root, told) {
  const input = root.querySelector("#door-search");
  const word = root.querySelector("[data-search-word]");
  const list = root.querySelector("[data-hits]");
  let timer = null;
  let asked = null;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-delegate]");
    if (chosen) told.onChoose(Number(chosen.dataset.delegate));
  });

  async function look() {
    asked?.abort();
    const query = input.value.trim();
    if (query.length < 2) return show([], "");
    const mine = (asked = new AbortController());
    try {
      const { hits } = await get(`search?q=${encodeURIComponent(query)}`, mine.signal);
      told.onReach(true);
      show(hits, hits.length ? "" : "Không thấy ai. Thử gõ họ tên, chức vụ hoặc đơn vị.");
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof Refused && error.status === 403) return told.onRefused(error.message);
      told.onReach(false);
      show([], "Mất mạng, chưa tìm được. Đối chiếu danh sách in.");
    }
  }

  function show(hits, told) {
    list.replaceChildren(...hits.map(hitOf));
    word.textContent = told;
  }

  return {
    open() {
      input.value = "";
      show([], "");
      input.focus();
    },
  };
}

function hitOf(hit) {
  const row = document.createElement("li");
  const who = document.createElement("div");
  const posts = hit.posts.join(", ");
  who.append(line("b", "person__name", hit.name || posts));
  const about = [hit.name ? posts : "", hit.body, hit.group].filter(Boolean);
  who.append(line("p", "person__post", about.join(" · ")));
  const more = [];
  if (hit.substitute) more.push(`người dự thay: ${hit.substitute}`);
  if (hit.reply === "absent" && !hit.entered_at) more.push("đã báo vắng");
  if (hit.seat) more.push(`ghế ${hit.seat}`);
  if (hit.entered_at) more.push(`đã vào ${hour(hit.entered_at)}, ${hit.entered_gate}`);
  if (more.length) who.append(line("p", "person__post quiet", more.join(" · ")));
  const button = document.createElement("button");
  button.type = "button";
  button.className = hit.entered_at ? "btn" : "btn btn-primary";
  button.dataset.delegate = hit.delegate_id;
  button.textContent = hit.entered_at ? "Xem" : "Mời vào";
  button.setAttribute("aria-label", `${button.textContent}: ${hit.name || posts}`);
  row.append(who, button);
  return row;
}

function line(tag, look, text) {
  const made = document.createElement(tag);
  made.className = look;
  made.textContent = text;
  return made;
}
