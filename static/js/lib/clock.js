// The server's clock as this page knows it, and what the clocks of the stage say. Pure: times in milliseconds.
// The device's own clock is never asked: `monotonic` counts from anywhere and only runs forward.

export class ServerClock {
  constructor(monotonic) {
    this.monotonic = monotonic;
    this.offset = null;
    this.roundTrip = Infinity;
  }

  // An answer of the server: when it was asked, when it was here, both by `monotonic`, and the time it carried.
  // The shortest round trip knows best; the server read its clock somewhere within it, at best in the middle.
  sample(asked, answered, serverTime) {
    const roundTrip = answered - asked;
    if (roundTrip < 0 || !Number.isFinite(serverTime) || roundTrip > this.roundTrip) return;
    this.roundTrip = roundTrip;
    this.offset = serverTime - (asked + roundTrip / 2);
  }

  // A first guess before anything was measured: the moment at which the page was made.
  guess(serverTime) {
    if (this.offset === null && Number.isFinite(serverTime)) this.offset = serverTime - this.monotonic();
  }

  // Forget what was measured, for instance after the device slept; the next sample counts whatever it took.
  doubt() {
    this.roundTrip = Infinity;
  }

  // Whether a time that the server just sent cannot be: the clocks have come apart.
  contradicts(serverTime) {
    return this.offset !== null && Math.abs(serverTime - this.now()) > 2000 + Math.min(this.roundTrip, 3000);
  }

  now() {
    return this.offset === null ? null : this.monotonic() + this.offset;
  }
}

const LAST_CALL = 60;
const COUNTRY = 7 * 3_600_000; // Vietnam keeps UTC+7 all year round

// What the clock of a step says after so many seconds; minutes null: none are planned. As eventmgr/domain/timer.py.
export function reading(elapsed, minutes) {
  const spent = duration(elapsed);
  if (minutes === null) {
    return { big: spent, word: "Đã nói", detail: "chưa đặt số phút", state: "", value: 0, maximum: 0 };
  }
  const planned = 60 * minutes;
  const left = planned - elapsed;
  const detail = `đã nói ${spent} trong ${duration(planned)}`;
  if (left < 0) return { big: duration(-left), word: "Quá giờ", detail, state: "over", value: planned, maximum: planned };
  const state = left <= LAST_CALL ? "end" : "";
  return { big: duration(left), word: "Còn lại", detail, state, value: elapsed, maximum: planned };
}

export function lateness(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  if (minutes === 0) return { kind: "on_time", words: "Đúng giờ" };
  const shown = minutes < 60 ? `${minutes} phút` : `${Math.floor(minutes / 60)} giờ ${two(minutes % 60)}`;
  return seconds > 0 ? { kind: "late", words: `Chậm ${shown}` } : { kind: "early", words: `Sớm ${shown}` };
}

export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

// 08:52 or 08:52:04 on the country's clock.
export function hour(time, withSeconds = false) {
  return new Date(time + COUNTRY).toISOString().slice(11, withSeconds ? 19 : 16);
}

// 00:12 since the connection was lost.
export function since(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  return `${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

function two(number) {
  return String(number).padStart(2, "0");
}
