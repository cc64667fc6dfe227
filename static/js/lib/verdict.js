// What a scan at the door means. The same rule as eventmgr/domain/checkin.py, for phones without network;
// both are held to tests/cases/verdicts.json. Field names are those of the snapshot; times are ISO strings.

export const ANSWERS = {
  again: "Cho vào lại",
  substitute: "Đúng, mời vào",
  in_person: "Chính đại biểu đến",
  anyway: "Vẫn mời vào cửa này",
  cleared: "Đã rõ, mời vào",
};

const WORDS = {
  admitted: ["go", "Mời vào"],
  already_in: ["ask", "Đã vào rồi"],
  substitute_expected: ["ask", "Người dự thay"],
  substitute_waiting: ["ask", "Mời chờ"],
  wrong_gate: ["ask", "Nhầm cửa"],
  not_issued: ["ask", "Giấy chưa phát hành"],
  revoked: ["no", "Giấy đã thu hồi"],
  closed: ["no", "Cửa đã đóng"],
  other_conference: ["no", "Giấy của hội nghị khác"],
  not_known: ["no", "Không có trong danh sách"],
  not_on_phone: ["ask", "Máy này chưa có mã đó"],
  not_a_pass: ["no", "Không phải mã giấy mời"],
  held: ["ask", "Mời chờ"],
  left: ["go", "Đã ghi ra ngoài"],
  not_inside: ["ask", "Chưa ghi là đã vào"],
  named: ["go", "Đã ghi họ tên"],
};
const OLD_LIST = "Danh sách trên máy có thể chưa mới. Nói: “Mời đồng chí chờ ở bàn đón tiếp một phút.”";

// facts: what the snapshot holds about the pass, or null; gate: this phone's gate; scan: { readable, answers, on_phone }
// with the answers that the staff has pressed so far; on_phone: judged here, where the list may be older than the pass.
export function decide(facts, gate, scan = {}) {
  const answers = new Set(scan.answers ?? []);
  if (scan.readable === false) return bare("not_a_pass", "Quét lại, hoặc tìm theo tên.");
  return foreign(facts, gate, scan) ?? stop(facts, gate) ?? question(facts, gate, answers) ?? admit(facts, answers);
}

// Somebody goes out; only who is in can leave.
export function decideExit(facts, gate, scan = {}) {
  if (scan.readable === false) return bare("not_a_pass", "Quét lại, hoặc tìm theo tên.");
  const unknown = foreign(facts, gate, scan);
  if (unknown) return unknown;
  const form = formOf(facts);
  if (!facts.entry) return about(facts, "not_inside", `${capital(form)} chưa được ghi là đã vào, nên không ghi ra.`);
  const left = about(facts, "left", "Quét lại giấy mời khi khách trở vào.");
  return enteredInPerson(facts) ? left : asSubstitute(left, facts);
}

// Somebody is asked to wait, and why.
export function decideHold(facts, gate, scan, reason) {
  return foreign(facts, gate, scan) ?? about(facts, "held", `${waitSay(formOf(facts))} Gọi trưởng cửa.`, { note: reason });
}

// Who came with a letter to a post: { full_name, address_form }; it admits nobody.
export function decideNaming(facts, gate, scan, { full_name: name, address_form }) {
  const unknown = foreign(facts, gate, scan);
  if (unknown) return unknown;
  const known = { ...facts, name, address_form };
  return about(known, "named", facts.alert || wayIn(formOf(known), facts.seat));
}

// A guest in no list { full_name, address_form, post, body }: let in and noted, unless the gate is closed.
export function decideWalkIn(guest, gate) {
  const { full_name: name, address_form, post, body } = guest;
  const facts = { conference_id: gate.conference_id, name, address_form, posts: post ? [post] : [], body };
  if (gate.open === false) return about(facts, "closed", "Gọi trưởng cửa.");
  const note = "Chưa có trong danh sách; đã ghi để trưởng cửa xem lại.";
  return about(facts, "admitted", wayIn(formOf(facts), ""), { note });
}

function foreign(facts, gate, scan) {
  if (!facts) return scan.on_phone ? bare("not_on_phone", OLD_LIST) : bare("not_known", desk("đồng chí"));
  return facts.conference_id === gate.conference_id ? null : bare("other_conference", desk("đồng chí"));
}

function stop(facts, gate) {
  const form = formOf(facts);
  if (facts.revoked_at) {
    const say = facts.replaced ? `Nói: “Giấy này đã được thay. Mời ${form} sang bàn đón tiếp.”` : desk(form);
    return about(facts, "revoked", say, { revoked_at: facts.revoked_at });
  }
  if (facts.issued === false) {
    return about(facts, "not_issued", `${waitSay(form)} Gọi trưởng cửa.`);
  }
  return gate.open === false ? about(facts, "closed", "Gọi trưởng cửa.") : null;
}

function question(facts, gate, answers) {
  const form = formOf(facts);
  const { entry, substitute, hold } = facts;
  if (hold && !answers.has("cleared")) {
    return about(facts, "held", `${waitSay(form)} Gọi trưởng cửa.`, { note: hold.reason, offers: ["cleared"] });
  }
  if (entry && !answers.has("again")) {
    const say = `Hỏi: “${capital(form)} vừa ra ngoài?” Nếu không, gọi trưởng cửa.`;
    const more = { already_at: entry.at, already_gate: entry.gate, offers: ["again"] };
    const seen = about(facts, "already_in", say, more);
    return enteredInPerson(facts) ? seen : asSubstitute(seen, facts);
  }
  const allowed = gate.group_ids ?? [];
  if (allowed.length && !allowed.includes(facts.group_id) && !answers.has("anyway")) {
    const right = gate.elsewhere?.[facts.group_id] ?? "cửa khác";
    return about(facts, "wrong_gate", `Nói: “Mời ${form} sang ${right}.”`, { offers: ["anyway"] });
  }
  if (!substitute || entry || answers.has("in_person")) return null;
  if (!substitute.approved) {
    const waiting = about(facts, "substitute_waiting", waitSay(formOf(substitute)), { offers: ["in_person"] });
    return asSubstitute(waiting, facts, "Văn phòng chưa duyệt người dự thay.");
  }
  if (answers.has("substitute")) return null;
  const offers = ["substitute", "in_person"];
  return asSubstitute(about(facts, "substitute_expected", "Hỏi tên. Đúng thì mời vào.", { offers }), facts);
}

function admit(facts, answers) {
  const { entry, substitute } = facts;
  const notes = entry || facts.left_at ? ["Vào lại."] : [];
  const instead = entry ? !enteredInPerson(facts) : answers.has("substitute");
  if (substitute && instead && !answers.has("in_person")) {
    const say = wayIn(formOf(substitute), substitute.seat);
    return asSubstitute(about(facts, "admitted", say), facts, notes.join(" "));
  }
  if (substitute && !entry) notes.push("Đến dự trực tiếp, không cử người thay.");
  else if (facts.reply === "absent" && !entry) notes.push("Đã báo vắng, nay đến dự.");
  if (!facts.name) notes.push("Giấy mời chỉ ghi chức vụ: mời vào, rồi ghi họ tên người đến.");
  return about(facts, "admitted", facts.alert || wayIn(formOf(facts), facts.seat), { note: notes.join(" ") });
}

function bare(outcome, say) {
  const [tone, word] = WORDS[outcome];
  return {
    outcome, tone, word, say, name: "", about: "", body: "", group: "", seat: "", note: "",
    already_at: null, already_gate: "", revoked_at: null, by_substitute: false, offers: [],
  };
}

function about(facts, outcome, say, more = {}) {
  const { name = "", posts = [], body = "", group = "", seat = "", companion_of: principal } = facts;
  const line = [...posts, ...(principal ? [`đi cùng ${principal}`] : [])].join(", ");
  return { ...bare(outcome, say), name, about: posts.length ? line : capital(line), body, group, seat, ...more };
}

function asSubstitute(verdict, facts, note = "") {
  const { name, posts = [], seat = "" } = facts.substitute;
  const principal = [facts.name, ...(facts.posts ?? [])].filter(Boolean).join(", ");
  const line = [...posts, `dự thay ${formOf(facts)} ${principal}`].join(", ");
  return { ...verdict, name, about: posts.length ? line : capital(line), seat, note, by_substitute: true };
}

function enteredInPerson({ substitute, entry }) {
  return !substitute || !entry || entry.name !== substitute.name;
}

function wayIn(form, seat) {
  const row = /^([A-Z]{1,2})-?0*([1-9][0-9]{0,2})$/.exec(seat ?? "");
  if (row) return `Mời ${form} ngồi hàng ${row[1]}, ghế ${row[2]}.`;
  return seat ? `Mời ${form} ngồi ghế ${seat}.` : `Mời ${form} vào hội trường.`;
}

const waitSay = (form) => `Nói: “Mời ${form} chờ ở bàn đón tiếp một phút.”`;
const desk = (form) => `Nói: “Mời ${form} sang bàn đón tiếp.”`;
const formOf = (person) => person.address_form ?? "đồng chí";
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
