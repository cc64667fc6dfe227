// What each button of the scanner does; [data-act] names it, "answer:again" carries what it is about.
import { lineOf } from "./screen.js";

export function createActs(root, { device, eye, finder, flow, holder, queue, screen }) {
  const { at } = screen;
  const open = (name, field, value = "") => {
    screen.show(name);
    at(field).value = value;
    at(field).focus();
  };
  const acts = {
    scan: flow.next,
    search() {
      screen.show("search");
      finder.open();
    },
    type: () => open("type", "#door-code"),
    retype: () => open("type", "#door-code", flow.current.record.scan.code),
    guest() {
      const typed = root.dataset.view === "search" ? finder.query : "";
      at("[data-is=guest]").reset();
      groups(at("#guest-group"));
      open("guest", "#guest-name", /\d/.test(typed) ? "" : typed);
    },
    name() {
      const { verdict, record } = flow.current;
      at("[data-post]").textContent = [verdict.about, verdict.about?.includes(verdict.body) ? "" : verdict.body].filter(Boolean).join(" · ");
      at("#name-form").value = record.scan.person?.address_form ?? "đồng chí";
      open("name", "#name-name", record.scan.person?.full_name ?? "");
    },
    undo() {
      const { verdict } = flow.current;
      at("[data-undo-name]").textContent = verdict.name || verdict.about;
      open("undo", "#door-reason");
    },
    more() {
      const { verdict, record } = flow.current;
      at("[data-more-name]").textContent = verdict.name || verdict.about;
      at("[data-is=more] [data-act=leave]").hidden = !(verdict.outcome === "admitted" || verdict.outcome === "already_in");
      at("[data-is=more] [data-act=name]").hidden = Boolean(verdict.name) || !["admitted", "already_in"].includes(verdict.outcome);
      at("#hold-reason").value = "";
      screen.show("more");
      return record;
    },
    leave: () => flow.leave(),
    back: () => flow.draw(),
    retry: () => eye.open(),
    camera: () => eye.another(),
    async torch(button) {
      await eye.torch(pressed(button));
    },
    async zoom(button) {
      const [least, most] = JSON.parse(button.dataset.zooms);
      await eye.zoom(pressed(button) ? most : least);
    },
    answer: (button) => flow.answer(button.dataset.act.split(":")[1]),
    companion: (button) => flow.choose({ delegate_id: Number(button.dataset.act.split(":")[1]) }),
    device: () => device.show(),
    trial: () => device.trial(),
    sound: () => device.sound(),
    mute: (button) => device.mute(button),
    "sign-out": () => device.leave(),
    read: () => screen.read(),
    renew() {},
    async copy(button) {
      await navigator.clipboard.writeText(queue.outbox.all.map(lineOf).join("\n"));
      button.textContent = "Đã chép";
    },
  };

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button) return acts[button.dataset.act.split(":")[0]](button);
    const reason = event.target.closest("[data-reason]");
    if (reason) return (root.dataset.view === "more" ? flow.hold : flow.undo)(reason.dataset.reason);
    return null;
  });
  sends("type", () => {
    const code = at("#door-code").value.trim();
    if (code) flow.scan(code, "typed");
  });
  sends("undo", () => given("#door-reason", flow.undo));
  sends("more", () => given("#hold-reason", flow.hold));
  sends("guest", () => {
    const value = (name) => at(`#guest-${name}`).value.trim();
    const guest = { full_name: value("name"), address_form: at("#guest-form").value, post: value("post"), body: value("body") };
    if (value("group")) guest.group_id = Number(value("group"));
    if (guest.full_name) flow.walkIn(guest);
    else at("#guest-name").focus();
  });
  sends("name", () => {
    const name = at("#name-name").value.trim();
    if (name) flow.name({ full_name: name, address_form: at("#name-form").value });
    else at("#name-name").focus();
  });
  for (const field of root.querySelectorAll("[data-photo]")) field.addEventListener("change", () => readPhoto(field));

  function sends(name, work) {
    at(`[data-is=${name}]`).addEventListener("submit", (event) => {
      event.preventDefault();
      work();
    });
  }

  // Those of the conference, as the list has brought them; without one the guest goes to the group for walk-ins.
  function groups(field) {
    const known = (holder.head?.groups ?? []).map(([id, label]) => new Option(label, id));
    field.replaceChildren(field.options[0], ...known);
  }

  function given(field, work) {
    const reason = at(field).value.trim();
    if (reason) work(reason);
    else at(field).focus();
  }

  async function readPhoto(field) {
    const [file] = field.files;
    field.value = "";
    if (!file) return;
    const found = await eye.readPhoto(file).catch(() => []);
    if (found.length) flow.scan(found[0], "photo");
    else screen.hint("Không thấy mã QR trong ảnh. Chụp gần hơn, đủ sáng, mã nằm gọn trong ảnh.");
  }
}

function pressed(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}
