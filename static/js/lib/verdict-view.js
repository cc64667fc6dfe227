// A verdict as the screen shows it: the same places for everybody, whatever came out.
import { ANSWERS } from "./verdict.js";

const ZONE = "Asia/Ho_Chi_Minh";

export const WAITING = {
  outcome: "waiting", tone: "ask", word: "Chờ máy chủ", offers: [],
  say: "Mời khách chờ một chút. Màn hình tự đổi khi có trả lời.",
};
export const UNREACHED = {
  outcome: "unreached", tone: "ask", word: "Mất mạng", offers: [],
  say: "Chưa kiểm tra được. Đối chiếu danh sách in; lượt quét sẽ tự gửi khi có mạng.",
};

const TYPED = {
  not_known: "So lại mã vừa gõ với mã in trên giấy. Nếu đúng, mời sang bàn đón tiếp.",
  not_a_pass: "Mã gồm 16 chữ và số. So lại với mã in trên giấy.",
};

// verdict, and whether the code was typed → { tone, word, say, name, about, facts: [{ label, value, figure, wide }], buttons: [{ act, word, main, wide }] }
export function viewOf(verdict, typed = false) {
  const mistyped = typed ? TYPED[verdict.outcome] : undefined;
  const { tone, word, name = "", about = "", body = "" } = verdict;
  const line = body && !plain(about).includes(plain(body)) ? [about, body].filter(Boolean).join(" · ") : about;
  return {
    tone, word, say: mistyped ?? verdict.say,
    name: name || line,
    about: name ? line : "",
    facts: factsOf(verdict),
    buttons: buttonsOf(verdict, Boolean(mistyped)),
  };
}

function factsOf({ outcome, seat, group, note, already_at, already_gate, revoked_at }) {
  const facts = [];
  if (outcome === "already_in") {
    facts.push({ label: "Đã vào lúc", value: hour(already_at), figure: true }, { label: "Cửa", value: already_gate });
  } else if (outcome === "revoked") {
    facts.push({ label: "Thu hồi", value: day(revoked_at), figure: true });
  } else if (seat) {
    facts.push({ label: "Ghế", value: seat, figure: true });
  }
  if (group && outcome !== "already_in") facts.push({ label: "Nhóm", value: group });
  if (note) facts.push({ label: outcome === "substitute_waiting" ? "Vì sao" : "Lưu ý", value: note, wide: true });
  return facts;
}

function buttonsOf({ outcome, tone, offers = [] }, mistyped) {
  // While the office has not agreed to a substitute, letting somebody in must not be the button that invites a tap.
  const unjudged = outcome === "substitute_waiting";
  const answers = offers.map((answer, place) => ({
    act: `answer:${answer}`, word: ANSWERS[answer], main: place === 0 && !unjudged, wide: place === 0,
  }));
  const next = { act: "scan", word: "Quét tiếp", main: tone === "go" || unjudged, wide: false };
  const find = { act: "search", word: "Tìm theo tên", main: tone === "no" && !mistyped, wide: false };
  if (mistyped) return [{ act: "retype", word: "Sửa mã", main: true, wide: true }, find, next];
  if (outcome === "admitted") return [{ act: "undo", word: "Hoàn tác", main: false, wide: false }, next];
  if (answers.length > 1) return [...answers, next];
  return [...answers, find, next];
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
