// The view "Máy này": is this phone ready for the door? Camera, list and its age, opening without network, storage,
// sound, one trial scan that counts nowhere; and leaving the gate, which waits until everything is sent.
import { hour } from "../lib/verdict-view.js";
import { post, Refused } from "./server.js";
import { isMuted, mute, signal } from "./signals.js";
import { isKept } from "./version.js";

const STALE = 10 * 60_000;

// told: eye, flow, holder, queue, screen, isReachable(), onLeft()
export function createDevice({ eye, flow, holder, queue, screen, isReachable, onLeft }) {
  async function show() {
    screen.show("device");
    screen.at("[data-tried]").textContent = "";
    screen.at("[data-act=mute]").setAttribute("aria-pressed", String(isMuted()));
    screen.unsent(screen.at("[data-unsent-list]"), queue.outbox.all);
    screen.at("[data-unsent-head]").hidden = !queue.outbox.size;
    const rows = await checks();
    screen.at("[data-checks]").replaceChildren(...rows.map(row));
  }

  async function checks() {
    const { at, roster } = holder;
    const fresh = at !== null && Date.now() - at < STALE;
    return [
      eye.isOpen ? ["go", "Camera", "đang mở"] : ["ask", "Camera", "chưa mở; vẫn gõ mã, tìm tên, dùng đầu đọc được"],
      roster.size
        ? [fresh ? "go" : "ask", "Danh sách trên máy", `${roster.size} đại biểu, lúc ${hour(at)}`]
        : ["no", "Danh sách trên máy", "chưa có; cần mạng một lần"],
      (await isKept()) ? ["go", "Mở khi mất mạng", "được"] : ["ask", "Mở khi mất mạng", "chưa; đừng đóng trang này"],
      queue.isKept ? ["go", "Lưu lượt quét", "lưu trên máy"] : ["ask", "Lưu lượt quét", "trình duyệt không cho lưu; đừng đóng trang này"],
      isReachable() ? ["go", "Mạng", "nối được máy chủ"] : ["ask", "Mạng", "mất mạng; vẫn quét được"],
      [queue.outbox.size ? "ask" : "go", "Chưa gửi", `${queue.outbox.size} lượt`],
    ];
  }

  async function leave() {
    const tried = screen.at("[data-tried]");
    if (queue.outbox.size) {
      tried.textContent = `Còn ${queue.outbox.size} lượt quét chưa gửi nên chưa rời cửa được. Đợi có mạng, hoặc đưa danh sách dưới đây cho trưởng cửa.`;
      return;
    }
    try {
      await post("sign-out", {});
      await onLeft("Máy này đã rời cửa. Danh sách đại biểu trên máy đã xóa.");
    } catch (error) {
      if (error instanceof Refused && error.status === 403) await onLeft(error.message);
      else tried.textContent = "Chưa rời cửa được vì mất mạng. Thử lại khi có mạng.";
    }
  }

  function trial() {
    const tried = screen.at("[data-tried]");
    tried.textContent = "Đưa một mã QR bất kỳ trước camera. Lượt này không tính.";
    screen.show("scan");
    screen.hint("Quét thử: đưa một mã QR trước camera. Lượt này không tính.");
    eye.forget();
    flow.tryOne((code) => {
      flow.tryOne(null);
      screen.hint("");
      const { ref, readable } = holder.roster.find(code);
      const found = ref === null ? (readable ? "mã này không có trong danh sách trên máy" : "đây không phải mã giấy mời") : "có trong danh sách";
      show().then(() => {
        screen.at("[data-tried]").textContent = `Đọc được mã: ${found}. Lượt quét thử không tính.`;
      });
    });
  }

  return {
    show,
    leave,
    trial,
    sound() {
      ["go", "ask", "no"].forEach((tone, place) => setTimeout(() => signal(tone), place * 900));
    },
    mute(button) {
      mute(!isMuted());
      button.setAttribute("aria-pressed", String(isMuted()));
    },
  };
}

function row([tone, label, value]) {
  const line = document.createElement("li");
  line.dataset.tone = tone;
  const name = document.createElement("b");
  name.textContent = label;
  const text = document.createElement("span");
  text.textContent = value;
  line.append(name, text);
  return line;
}
