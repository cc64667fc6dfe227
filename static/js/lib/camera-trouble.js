// Why there is no picture, and what to do next. `retry` is false where trying again cannot help.

const OTHERWISE = "gõ mã, dùng đầu đọc cầm tay hoặc tìm theo tên";
const TROUBLES = {
  blocked: ["Camera đang bị chặn.", "Bấm biểu tượng cạnh địa chỉ trang, cho phép dùng camera, rồi bấm Thử lại."],
  missing: ["Máy này không có camera.", `Cắm camera rồi bấm Thử lại, hoặc ${OTHERWISE}.`],
  busy: ["Camera đang được ứng dụng khác dùng.", "Đóng ứng dụng đó (gọi video, máy ảnh), rồi bấm Thử lại."],
  insecure: [
    "Địa chỉ này không có HTTPS nên trình duyệt không cho dùng camera.",
    `Mở trang bằng địa chỉ bắt đầu bằng https://. Trong lúc chờ, ${OTHERWISE}.`,
    false,
  ],
  unsupported: [
    "Trình duyệt này không dùng được camera.",
    `Mở trang bằng Chrome hoặc Safari bản mới. Trong lúc chờ, ${OTHERWISE}.`,
    false,
  ],
  reader: ["Chưa nạp được bộ đọc mã.", `Kiểm tra mạng rồi bấm Thử lại. Trong lúc chờ, ${OTHERWISE}.`],
  lost: ["Camera vừa ngừng.", "Bấm Thử lại. Nếu vẫn không được, tải lại trang."],
  other: ["Không mở được camera.", `Bấm Thử lại hoặc khởi động lại máy. Trong lúc chờ, ${OTHERWISE}.`],
};
const NAMES = {
  NotAllowedError: "blocked", SecurityError: "blocked", PermissionDeniedError: "blocked",
  NotFoundError: "missing", OverconstrainedError: "missing", DevicesNotFoundError: "missing",
  NotReadableError: "busy", TrackStartError: "busy", AbortError: "busy",
};

export function troubleOf(kind) {
  const [what, step, retry = true] = TROUBLES[kind] ?? TROUBLES.other;
  return { kind: TROUBLES[kind] ? kind : "other", what, step, retry };
}

// The kind of trouble behind an error of getUserMedia, by its name.
export function kindOf(error) {
  return NAMES[error?.name] ?? "other";
}

// What stands in the way before the camera is even asked for; null when nothing does.
export function obstacle({ isSecureContext, mediaDevices }) {
  if (!isSecureContext) return "insecure";
  return typeof mediaDevices?.getUserMedia === "function" ? null : "unsupported";
}
