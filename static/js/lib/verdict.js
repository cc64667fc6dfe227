// What a scan at the door means. The same rule as eventmgr/domain/checkin.py, for phones without network;
// both are held to tests/cases/verdicts.json. Field names are those of the snapshot; times are ISO strings.

export const ANSWERS = {
  again: "Cho vào lại",
  substitute: "Đúng, mời vào",
  in_person: "Chính đại biểu đến",
  anyway: "Vẫn mời vào cửa này",
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
  not_a_pass: ["no", "Không phải mã giấy mời"],
};

// facts: what the snapshot holds about the pass, or null; gate: this phone's gate;
// scan: { readable, answers } with the answers that the staff has pressed so far.
export function decide(facts, gate, scan = {}) {
  const answers = new Set(scan.answers ?? []);
  if (scan.readable === false) return bare("not_a_pass", "Quét lại, hoặc tìm theo tên.");
  if (!facts) return bare("not_known", desk("đồng chí"));
  if (facts.conference_id !== gate.conference_id) return bare("other_conference", desk("đồng chí"));
  return stop(facts, gate) ?? question(facts, gate, answers) ?? admit(facts, answers);
}

function stop(facts, gate) {
  const form = formOf(facts);
  if (facts.revoked_at) {
    const say = facts.replaced ? `Nói: “Giấy này đã được thay. Mời ${form} sang bàn đón tiếp.”` : desk(form);
    return about(facts, "revoked", say, { revoked_at: facts.revoked_at });
  }
  if (facts.issued === false) {
    return about(facts, "not_issued", `Nói: “Mời ${form} chờ ở bàn đón tiếp một phút.” Gọi trưởng cửa.`);
  }
  return gate.open === false ? about(facts, "closed", "Gọi trưởng cửa.") : null;
}

function question(facts, gate, answers) {
  const form = formOf(facts);
  const { entry, substitute } = facts;
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
    const say = `Nói: “Mời ${formOf(substitute)} chờ ở bàn đón tiếp một phút.”`;
    const waiting = about(facts, "substitute_waiting", say, { offers: ["in_person"] });
    return asSubstitute(waiting, facts, "Văn phòng chưa duyệt người dự thay.");
  }
  if (answers.has("substitute")) return null;
  const offers = ["substitute", "in_person"];
  return asSubstitute(about(facts, "substitute_expected", "Hỏi tên. Đúng thì mời vào.", { offers }), facts);
}

function admit(facts, answers) {
  const { entry, substitute } = facts;
  const notes = entry ? ["Vào lại."] : [];
  const instead = entry ? !enteredInPerson(facts) : answers.has("substitute");
  if (substitute && instead && !answers.has("in_person")) {
    const say = wayIn(formOf(substitute), substitute.seat);
    return asSubstitute(about(facts, "admitted", say), facts, notes.join(" "));
  }
  if (substitute && !entry) notes.push("Đến dự trực tiếp, không cử người thay.");
  else if (facts.reply === "absent" && !entry) notes.push("Đã báo vắng, nay đến dự.");
  if (!facts.name) notes.push("Giấy mời ghi chức vụ: hỏi họ tên để ghi lại.");
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
  const { name = "", posts = [], body = "", group = "", seat = "" } = facts;
  return { ...bare(outcome, say), name, about: posts.join(", "), body, group, seat, ...more };
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

const desk = (form) => `Nói: “Mời ${form} sang bàn đón tiếp.”`;
const formOf = (person) => person.address_form ?? "đồng chí";
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
