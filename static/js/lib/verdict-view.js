// A verdict as the screen shows it: the same places for everybody, whatever came out.
import { ANSWERS } from "./verdict.js";

const ZONE = "Asia/Ho_Chi_Minh";

const TYPED = {
  not_known: "So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời sang bàn đón tiếp.",
  not_on_phone: "So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời chờ ở bàn đón tiếp.",
  not_a_pass: "Mã gồm 16 chữ và số. So lại với mã in trên giấy.",
};
const DONE = new Set(["left", "held", "undone"]);

// verdict, and { typed: whether the code was typed, list: { at, size } of the list on this phone, companions: [{ id, name }] }
// → { tone, word, say, name, about, facts: [{ label, value, figure, wide }], buttons: [{ act, word, main, wide }] }
export function viewOf(verdict, { typed = false, list = null, companions = [] } = {}) {
  const mistyped = typed ? TYPED[verdict.outcome] : undefined;
  const { tone, word, name = "", about = "", body = "" } = verdict;
  const line = body && !plain(about).includes(plain(body)) ? [about, body].filter(Boolean).join(" · ") : about;
  return {
    tone, word, say: mistyped ?? verdict.say,
    name: name || line,
    about: name ? line : "",
    facts: factsOf(verdict, list),
    buttons: buttonsOf(verdict, Boolean(mistyped), companions),
  };
}

function factsOf({ outcome, seat, group, note, already_at, already_gate, revoked_at }, list) {
  const facts = [];
  if (outcome === "already_in") {
    facts.push({ label: "Đã vào lúc", value: hour(already_at), figure: true }, { label: "Cửa", value: already_gate });
  } else if (outcome === "revoked") {
    facts.push({ label: "Thu hồi", value: day(revoked_at), figure: true });
  } else if (outcome === "not_on_phone" && list?.at) {
    facts.push({ label: "Danh sách trên máy", value: `lúc ${hour(list.at)}, ${list.size} đại biểu`, wide: true });
  } else if (seat) {
    facts.push({ label: "Ghế", value: seat, figure: true });
  }
  if (group && outcome !== "already_in") facts.push({ label: "Nhóm", value: group });
  if (note) facts.push({ label: ["substitute_waiting", "held"].includes(outcome) ? "Vì sao" : "Lưu ý", value: note, wide: true });
  return facts;
}

function buttonsOf({ outcome, tone, offers = [], name, about }, mistyped, companions) {
  const next = { act: "scan", word: "Quét tiếp", main: tone === "go", wide: false };
  const find = { act: "search", word: "Tìm theo tên", main: tone === "no" && !mistyped, wide: false };
  const undo = { act: "undo", word: "Hoàn tác", main: false, wide: false };
  const more = { act: "more", word: "Việc khác", main: false, wide: false };
  if (mistyped) return [{ act: "retype", word: "Sửa mã", main: true, wide: true }, find, next];
  if (outcome === "admitted") {
    const together = companions.slice(0, 1).map(({ id, name: who }) => ({
      act: `companion:${id}`, word: `Mời cả người đi cùng: ${who}`, main: false, wide: true,
    }));
    const unnamed = name ? [] : [{ act: "name", word: "Ghi họ tên người đến", main: false, wide: true }];
    return [...unnamed, ...together, undo, more, next];
  }
  if (outcome === "named") return [undo, { act: "name", word: "Sửa họ tên", main: false, wide: false }, next];
  if (DONE.has(outcome) && !offers.length) return outcome === "undone" ? [find, { ...next, main: true }] : [undo, { ...next, main: true }];
  if (outcome === "not_on_phone") {
    return [{ ...find, main: true, wide: true }, { act: "guest", word: "Khách chưa có tên", main: false, wide: false }, next];
  }
  // While the office has not agreed, letting somebody in must not be the button that invites a tap.
  const unjudged = outcome === "substitute_waiting" || outcome === "held";
  const answers = offers.map((answer, place) => ({
    act: `answer:${answer}`, word: ANSWERS[answer], main: place === 0 && !unjudged, wide: place === 0,
  }));
  if (outcome === "already_in") answers.push({ act: "leave", word: "Ghi ra ngoài", main: false, wide: false });
  const last = unjudged ? { ...next, main: true } : next;
  if (tone === "no" || !(name || about)) return [...answers, find, last];
  return [...answers, more, last];
}

// Who somebody is besides the name, in one line: posts, body, group; a body that these name already is left out.
export function aboutOf({ name, posts, body, group }) {
  const told = posts.join(", ");
  const isSaid = plain(told).includes(plain(body)) || plain(group) === plain(body);
  return [name ? told : "", isSaid ? "" : body, group].filter(Boolean).join(" · ");
}

export function hour(moment) {
  return format(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

function day(moment) {
  return format(moment, { day: "2-digit", month: "2-digit" });
}

function format(moment, how) {
  if (!moment) return "";
  return new Intl.DateTimeFormat("vi-VN", { ...how, timeZone: ZONE }).format(new Date(moment)).replace("-", "/");
}

const plain = (text) => text.toLocaleLowerCase("vi").normalize("NFC");
