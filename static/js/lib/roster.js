// The list that a phone holds, in memory: who is invited, by id and by the digest of the pass, with what this phone has
// seen since. Rows are those of eventmgr/services/door_rows.py; facts are those of the rule in verdict.js.
import { digest, read } from "./passcode.js";

const DIGITS = 24;

export function createRoster() {
  let rows = new Map();
  let passes = new Map(); // first digits of the digest → [id, place among the passes of this person]
  const seen = new Map(); // id or key of a guest → { entry, left_at, hold, and a name that was asked for } as this phone knows better than its rows
  const guests = new Map(); // key → person that this phone has written down and the server has not told about yet

  function put(changed) {
    for (const row of changed) {
      for (const [digits] of rows.get(row[0])?.[14] ?? []) passes.delete(digits);
      rows.set(row[0], row);
      (row[14] ?? []).forEach(([digits], place) => passes.set(digits, [row[0], place]));
      seen.delete(row[0]);
    }
  }

  function person(ref) {
    const found = typeof ref === "string" ? guests.get(ref) : rows.has(ref) ? personOf(rows.get(ref)) : null;
    return found && seen.has(ref) ? { ...found, ...seen.get(ref) } : found;
  }

  return {
    put,
    person,
    get size() {
      return rows.size;
    },
    get rows() {
      return [...rows.values()];
    },
    get guests() {
      return [...guests.keys()].map(person);
    },
    replace(all) {
      rows = new Map();
      passes = new Map();
      seen.clear();
      put(all);
    },
    clear() {
      this.replace([]);
      guests.clear();
    },
    // What was read → { readable, ref, place }; ref is null when this phone does not hold the pass.
    find(text) {
      const code = read(text);
      const [ref = null, place] = (code && passes.get(digest(code).slice(0, DIGITS))) || [];
      return { readable: code !== null, ref, place };
    },
    // The facts for the rule, or null; place says which pass was shown, none: the person was found by name.
    facts(ref, place, head) {
      const one = person(ref);
      if (!one || (place === undefined && one.removed)) return null;
      const pass = place === undefined ? one.passes.filter((each) => !each[2]).at(-1) : one.passes[place];
      const [, issued = 0, revoked_at = null, replaced = 0] = pass ?? [];
      const principal = one.companion_of ? person(one.companion_of) : null;
      return {
        ...one, conference_id: head.gate.conference_id, group: one.group ?? head.groupNames.get(one.group_id) ?? "",
        issued: Boolean(issued) || Boolean(one.letterless), revoked_at, replaced: Boolean(replaced),
        companion_of: principal ? [principal.address_form, principal.name || principal.posts.join(", ")].join(" ") : "",
      };
    },
    companions(ref) {
      const found = [];
      for (const row of rows.values()) if (row[12] === ref && !row[15]) found.push(person(row[0]));
      return found;
    },
    state(ref) {
      const { entry = null, left_at = null, hold = null } = person(ref) ?? {};
      const { name, address_form } = seen.get(ref) ?? {};
      return { entry, left_at, hold, ...(name ? { name, address_form } : {}) };
    },
    see(ref, state) {
      seen.set(ref, state);
    },
    addGuest(key, { full_name: name, address_form, post = "", body = "", group_id = null }) {
      const empty = { group_id, group: group_id === null ? "Khách đăng ký tại cửa" : null, seat: "", alert: "", reply: "none", substitute: null };
      const state = { entry: null, left_at: null, hold: null, companion_of: null, passes: [], removed: false, letterless: true };
      guests.set(key, { id: null, key, name, address_form, posts: post ? [post] : [], body, ...empty, ...state });
    },
    dropGuest(key) {
      guests.delete(key);
      seen.delete(key);
    },
  };
}

function personOf(row) {
  const [
    id, name = "", address_form = "đồng chí", posts = [], body = "", group_id = null, seat = "", alert = "", reply = "none",
    instead = null, entry = null, left_at = null, companion_of = null, hold = null, passes = [], removed = false, letterless = false,
  ] = row;
  return {
    id, key: null, name, address_form, posts, body: body ?? "", group_id, seat, alert, reply: reply ?? "none", left_at, companion_of,
    passes, removed, letterless,
    substitute: instead && {
      name: instead[0], posts: instead[1] ? [instead[1]] : [], approved: instead[2], address_form: instead[3], seat: "",
    },
    entry: entry && { at: entry[0], gate: entry[1], name: entry[2] },
    hold: hold && { at: hold[0], gate: hold[1], reason: hold[2] },
  };
}
