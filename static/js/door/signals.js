// What is heard and felt: one high tone for green, two for amber, one long low tone for red. Muting leaves the shaking.

const TONES = {
  go: [[0, 0.14, 1320]],
  ask: [[0, 0.12, 740], [0.2, 0.12, 740]],
  no: [[0, 0.7, 220]],
};
const SHAKES = { go: [60], ask: [80, 80, 80], no: [500] };

const MEMORY = "eventmgr.mute";

let speaker = null;
let muted = remembered();

export const isMuted = () => muted;

export function mute(on) {
  muted = on;
  try {
    localStorage.setItem(MEMORY, on ? "1" : "");
  } catch {
    // A browser that keeps nothing is loud again next time.
  }
}

function remembered() {
  try {
    return Boolean(localStorage.getItem(MEMORY));
  } catch {
    return false;
  }
}

// Browsers keep silent until somebody has touched the page.
export function listenForFirstTouch() {
  const wake = () => {
    speaker ??= new (window.AudioContext ?? window.webkitAudioContext)();
    speaker.resume?.();
  };
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, wake, { once: true });
}

export function signal(tone) {
  navigator.vibrate?.(SHAKES[tone]);
  if (muted || speaker?.state !== "running") return;
  for (const [start, length, pitch] of TONES[tone]) beep(speaker.currentTime + start, length, pitch);
}

function beep(start, length, pitch) {
  const tone = speaker.createOscillator();
  const loudness = speaker.createGain();
  tone.frequency.value = pitch;
  tone.type = pitch < 400 ? "square" : "sine";
  loudness.gain.setValueAtTime(0.0001, start);
  loudness.gain.exponentialRampToValueAtTime(0.5, start + 0.015);
  loudness.gain.exponentialRampToValueAtTime(0.0001, start + length);
  tone.connect(loudness).connect(speaker.destination);
  tone.start(start);
  tone.stop(start + length + 0.02);
}

// Percent, or null where the browser does not tell.
export async function batteryLeft() {
  const battery = await navigator.getBattery?.().catch(() => null);
  return battery ? Math.round(battery.level * 100) : null;
}
