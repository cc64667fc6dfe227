// Finding a delegate by name, initials, post or body: on this phone, with or without network.
import { findIn, keyOf } from "../lib/find.js";
import { aboutOf, hour } from "../lib/verdict-view.js";

const PAUSE = 80;
const AT_ONCE = 400; // so many keys are made between two looks at the screen

// told: onChoose(whom)
export function mountFinder(root, holder, told) {
  const input = root.querySelector("#door-search");
  const word = root.querySelector("[data-search-word]");
  const list = root.querySelector("[data-hits]");
  const keys = new Map(); // id → [row, key]; a row that has changed is another array
  let timer = null;

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-ref]");
    if (!chosen) return;
    const { ref } = chosen.dataset;
    told.onChoose(/^\d+$/.test(ref) ? { delegate_id: Number(ref) } : { delegate_key: ref });
  });

  function keyed(row) {
    const kept = keys.get(row[0]);
    if (kept?.[0] === row) return kept[1];
    const made = keyOf(holder.roster.person(row[0]));
    keys.set(row[0], [row, made]);
    return made;
  }

  // Makes the keys of a long list while the phone has nothing else to do.
  function prepare() {
    const left = holder.roster.rows.filter((row) => keys.get(row[0])?.[0] !== row);
    left.slice(0, AT_ONCE).forEach(keyed);
    if (left.length > AT_ONCE) setTimeout(prepare, 30);
  }

  function look() {
    const query = input.value.trim();
    if (query.length < 2) return show([], "");
    const all = holder.roster.rows.filter((row) => !row[15]).map((row) => [row[0], keyed(row)]);
    const guests = holder.roster.guests.map((guest) => [guest.key, keyOf(guest)]);
    const hits = findIn([...guests, ...all], query, holder.sameThing).map((ref) => holder.roster.person(ref));
    return show(hits, hits.length ? "" : "Không thấy ai. Thử gõ họ tên, chức vụ hoặc đơn vị; khách chưa có tên thì ghi mới.");
  }

  function show(hits, said) {
    list.replaceChildren(...hits.map((hit) => hitOf(hit, holder)));
    word.textContent = said;
  }

  return {
    prepare,
    get query() {
      return input.value.trim();
    },
    open() {
      input.value = "";
      show([], "");
      input.focus();
    },
  };
}

function hitOf(hit, holder) {
  const row = document.createElement("li");
  const who = document.createElement("div");
  const posts = hit.posts.join(", ");
  who.append(line("b", "person__name", hit.name || posts));
  const group = hit.group ?? holder.head?.groupNames.get(hit.group_id) ?? "";
  who.append(line("p", "person__post", aboutOf({ ...hit, group })));
  const more = [];
  if (hit.substitute) more.push(`người dự thay: ${hit.substitute.name}`);
  if (hit.reply === "absent" && !hit.entry) more.push("đã báo vắng");
  if (hit.seat) more.push(`ghế ${hit.seat}`);
  if (hit.hold) more.push(`mời chờ: ${hit.hold.reason}`);
  if (hit.entry) more.push(`đã vào ${hour(hit.entry.at)}, ${hit.entry.gate}`);
  else if (hit.left_at) more.push(`đã ra ${hour(hit.left_at)}`);
  if (more.length) who.append(line("p", "person__post quiet", more.join(" · ")));
  const button = document.createElement("button");
  button.type = "button";
  button.className = hit.entry ? "btn" : "btn btn-primary";
  button.dataset.ref = hit.key ?? hit.id;
  button.textContent = hit.entry ? "Xem" : "Mời vào";
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
