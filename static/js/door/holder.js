// The list on this phone and whose phone it is. Kept sealed under the key of the pairing; gone with that key on signing
// out, cutting off and the end of the conference.
import { createRoster } from "../lib/roster.js";
import { canSeal, keyFrom, seal, unseal } from "./seal.js";

const PIECES = 40; // changes are kept beside the list; after so many it is written anew
const REMEMBER = 60_000;

export function createHolder(vault) {
  const roster = createRoster();
  let session = null; // { head, version, at, sameThing }; at: when the list was last known to be right
  let key = null;
  let piece = 0;
  let noted = 0;
  const keeps = () => vault.keeps && canSeal();

  const write = (steps) => (keeps() ? vault.write(steps).catch((error) => console.warn("the list is not kept", error)) : null);

  async function keepWhole() {
    piece = 0;
    const whole = keeps() ? await seal(key, roster.rows) : null;
    return write([["clear", "list"], ["put", "list", 0, whole], ["put", "notes", "session", session]]);
  }

  function setHead(head) {
    session = { ...session, head: { ...head, groupNames: new Map(head.groups) } };
  }

  return {
    roster,
    get head() {
      return session?.head ?? null;
    },
    get version() {
      return session?.version ?? null;
    },
    get at() {
      return session?.at ?? null;
    },
    get sameThing() {
      return session?.sameThing ?? [];
    },
    get hasKey() {
      return key !== null || !canSeal();
    },
    // Takes out what an earlier page has left; tells whether there is a list to work with.
    async open() {
      if (!keeps()) return false;
      try {
        session = (await vault.get("notes", "session")) ?? null;
        key = (await vault.get("keys", "list")) ?? null;
        if (!session || !key) return false;
        const [whole, ...changed] = await Promise.all((await vault.all("list")).map(([, sealed]) => unseal(key, sealed)));
        if (!whole) return false;
        roster.replace(whole);
        for (const rows of changed) roster.put(rows);
        piece = changed.length;
        return session.version !== undefined;
      } catch (error) {
        console.warn("the kept list cannot be opened", error);
        session = key = null;
        return false;
      }
    },
    async take(told) {
      key = canSeal() ? await keyFrom(told.key) : null;
      session = { version: null, at: null, sameThing: [] };
      setHead(told);
      roster.clear();
      if (key) await write([["put", "keys", "list", key], ["clear", "list"], ["put", "notes", "session", session]]);
    },
    async replace(whole, at) {
      session = { ...session, version: whole.version, at, sameThing: whole.same_thing };
      roster.replace(whole.people);
      await keepWhole();
    },
    async change(told, at) {
      roster.put(told.people); // before the version: what cannot be read is asked for again
      setHead(told);
      const moved = told.version !== session.version || told.people.length > 0;
      session = { ...session, version: told.version, at };
      if (piece > PIECES) return keepWhole();
      if (!moved && at - noted < REMEMBER) return null;
      noted = at;
      const note = ["put", "notes", "session", session];
      if (!told.people.length || !keeps()) return write([note]);
      piece += 1;
      return write([["put", "list", piece, await seal(key, told.people)], note]);
    },
    async wipe() {
      session = key = null;
      roster.clear();
      await vault.write([["delete", "keys", "list"], ["clear", "list"], ["delete", "notes", "session"]]).catch(() => {});
    },
  };
}
