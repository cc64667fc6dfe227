// Puts views, verdicts, the network's chip and the last arrival on the page; everything as text.
import { hour, viewOf } from "../lib/verdict-view.js";
import { createNotices } from "./notices.js";

const SIGNS = {
  go: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18zM8 12.5l2.75 2.75L16 9.5",
  ask: "M12 2.5 21.5 12 12 21.5 2.5 12zM12 8v4.5M12 15.75v.01",
  no: "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3zM8 12h8",
};

export function createScreen(root) {
  const at = (selector) => root.querySelector(selector);
  const views = [...root.querySelectorAll("[data-is]")];
  const notices = createNotices(at, () => root.dataset.view === "verdict" && fit());

  // The camera's view stays on the page behind the others: some phones stop a video that is hidden.
  function show(name) {
    for (const view of views) {
      const on = view.dataset.is === name;
      view.inert = !on;
      if (view.dataset.is !== "scan") view.hidden = !on;
    }
    root.dataset.view = name;
    if (name !== "verdict") delete root.dataset.tone;
  }

  function verdict(decided, how) {
    const view = viewOf(decided, how);
    root.dataset.tone = view.tone;
    for (const sign of root.querySelectorAll("[data-sign]")) sign.toggleAttribute("hidden", sign.dataset.sign !== view.tone);
    at("[data-word]").textContent = view.word;
    at("[data-say]").textContent = view.say;
    at("[data-name]").textContent = view.name;
    at("[data-about]").textContent = view.about;
    at("[data-facts]").replaceChildren(...view.facts.map(fact));
    at("[data-buttons]").replaceChildren(...view.buttons.map(button));
    at("[data-buttons]").dataset.row = String(view.buttons.filter((one) => !one.wide).length);
    notices.hint("");
    show("verdict");
    fit();
    at("[data-is=verdict]").focus({ preventScroll: true });
  }

  // A name is never cut: the sign makes room for it, then the letters; what is still too much scrolls.
  function fit() {
    const who = at(".verdict__who");
    for (const tight of ["", "sign", "sign letters"]) {
      root.dataset.tight = tight;
      if (who.scrollHeight <= who.clientHeight) return;
    }
  }
  window.addEventListener("resize", () => {
    if (root.dataset.view === "verdict") fit();
  });

  function head({ phone, gate, inside, is_rehearsal }) {
    root.dataset.phone = phone.id;
    at("[data-gate]").textContent = gate.name;
    at("[data-phone-name]").textContent = phone.name;
    at("[data-inside]").textContent = ` · ${inside} người trong hội trường`;
    at("[data-rehearsal]").hidden = !is_rehearsal;
    document.title = `${gate.name} – quét mã`;
  }

  function chip({ unsent, reachable }) {
    const word = reachable
      ? unsent ? `Đang gửi ${unsent}` : "Đã gửi hết"
      : unsent ? `Mất mạng · ${unsent} chưa gửi` : "Mất mạng";
    const sign = at("[data-chip-sign]");
    sign.setAttribute("d", reachable ? sign.dataset.sent : sign.dataset.unsent);
    at("[data-chip]").classList.toggle("netchip--off", !reachable);
    at("[data-inside]").hidden = !reachable; // a count that nobody brings up to date is no count
    const line = at("[data-chip-word]");
    if (line.textContent !== word) line.textContent = word;
  }

  function last({ name, word, tone }) {
    at("[data-last]").hidden = false;
    at("[data-last]").dataset.tone = tone;
    at("[data-last-sign]").setAttribute("d", SIGNS[tone]);
    at("[data-last-name]").textContent = name;
    at("[data-last-word]").textContent = `· ${word} ${hour(new Date())}`;
  }

  function trouble(found) {
    const box = at("[data-trouble]");
    box.hidden = !found;
    at("[data-hint]").hidden = Boolean(found);
    if (!found) return;
    box.dataset.kind = found.kind;
    at("[data-trouble-what]").textContent = found.what;
    at("[data-trouble-step]").textContent = found.step;
    at("[data-act=retry]").hidden = !found.retry;
  }

  function stopped(sentence, records) {
    at("[data-stopped]").textContent = sentence;
    at("[data-stopped-unsent]").textContent = records.length
      ? `Còn ${records.length} lượt quét chưa gửi, vẫn giữ trên máy. Ghép lại máy thì máy tự gửi tiếp; hoặc đưa danh sách này cho trưởng cửa.`
      : "";
    unsent(at("[data-stopped-list]"), records);
    at("[data-act=copy]").hidden = !records.length;
    show("stopped");
  }

  function unsent(list, records) {
    list.replaceChildren(
      ...records.map((record) => {
        const line = document.createElement("li");
        line.textContent = lineOf(record);
        return line;
      }),
    );
  }

  return { at, show, verdict, head, chip, last, trouble, stopped, unsent, ...notices };
}

// One scan as a person reads it: "07:12:04 · mời vào · Lê Thị Ví Dụ · Cửa chính".
export function lineOf({ scan, verdict, gate, problem }) {
  const who = verdict.name || verdict.about || scan.code || "";
  return [hour(scan.scanned_at), verdict.word.toLocaleLowerCase("vi"), who, gate, problem].filter(Boolean).join(" · ");
}

function fact({ label, value, figure, wide }) {
  const box = document.createElement("div");
  if (wide) box.className = "wide";
  const term = document.createElement("dt");
  const text = document.createElement("dd");
  term.textContent = label;
  text.textContent = value;
  text.className = figure ? "num" : "small";
  box.append(term, text);
  return box;
}

function button({ act, word, main, wide }) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `btn${main ? " btn-primary" : ""}${wide ? " wide" : ""}`;
  made.dataset.act = act;
  made.textContent = word;
  return made;
}
