// The camera: the right one at the back first, the choice remembered; lamp, zoom and focus where the phone has them.
import { kindOf, obstacle } from "../lib/camera-trouble.js";
import { bestLens } from "../lib/lenses.js";

const MEMORY = "eventmgr.camera";

export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// Opens the camera into the <video>; throws Trouble. onLost is called when the picture stops by itself.
export async function openCamera(video, onLost, chosen = remembered(), mayChange = !chosen) {
  const kind = obstacle({ isSecureContext: window.isSecureContext, mediaDevices: navigator.mediaDevices });
  if (kind) throw new Trouble(kind);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wish(chosen) });
  } catch (error) {
    if (chosen && error.name === "OverconstrainedError") {
      remember(null);
      return openCamera(video, onLost, null, true);
    }
    throw new Trouble(kindOf(error));
  }
  const [track] = stream.getVideoTracks();
  // Labels are told only once the person has allowed the camera: now the right lens of several can be named.
  const better = mayChange ? bestLens(await cameras(), track.getSettings().deviceId) : null;
  if (better) {
    for (const one of stream.getTracks()) one.stop();
    return openCamera(video, onLost, better, false);
  }
  const can = track.getCapabilities?.() ?? {};
  if (can.focusMode?.includes("continuous")) track.applyConstraints({ advanced: [{ focusMode: "continuous" }] }).catch(() => {});
  track.addEventListener("ended", onLost);
  video.srcObject = stream;
  try {
    await video.play();
  } catch (error) {
    close();
    throw new Trouble(kindOf(error));
  }

  function close() {
    track.removeEventListener("ended", onLost);
    for (const one of stream.getTracks()) one.stop();
    if (video.srcObject === stream) video.srcObject = null;
  }

  return {
    close,
    hasTorch: Boolean(can.torch),
    label: track.label,
    zooms: can.zoom ? [can.zoom.min, Math.min(can.zoom.max, 2 * Math.max(1, can.zoom.min))] : null,
    zoom: (to) => track.applyConstraints({ advanced: [{ zoom: to }] }),
    torch: (on) => track.applyConstraints({ advanced: [{ torch: on }] }),
    others: () => otherCameras(track.getSettings().deviceId),
  };
}

export function remember(deviceId) {
  try {
    if (deviceId) localStorage.setItem(MEMORY, deviceId);
    else localStorage.removeItem(MEMORY);
  } catch {
    // A browser that keeps nothing asks for the back camera each time.
  }
}

function remembered() {
  try {
    return localStorage.getItem(MEMORY);
  } catch {
    return null;
  }
}

function wish(deviceId) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  return deviceId ? { ...size, deviceId: { exact: deviceId } } : { ...size, facingMode: { ideal: "environment" } };
}

async function cameras() {
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
}

// The other cameras, the next one first.
async function otherCameras(current) {
  const all = await cameras();
  const place = all.findIndex((device) => device.deviceId === current);
  return [...all.slice(place + 1), ...all.slice(0, Math.max(0, place))].map((device) => device.deviceId);
}
