// The camera: the one at the back first, the choice remembered, a lamp where the phone has one.
import { kindOf, obstacle } from "../lib/camera-trouble.js";

const MEMORY = "eventmgr.camera";

export class Trouble extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

// Opens the camera into the <video>; throws Trouble. onLost is called when the picture stops by itself.
export async function openCamera(video, onLost, chosen = remembered()) {
  const kind = obstacle({ isSecureContext: window.isSecureContext, mediaDevices: navigator.mediaDevices });
  if (kind) throw new Trouble(kind);
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: wish(chosen) });
  } catch (error) {
    if (chosen && error.name === "OverconstrainedError") {
      remember(null);
      return openCamera(video, onLost, null);
    }
    throw new Trouble(kindOf(error));
  }
  const [track] = stream.getVideoTracks();
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
    hasTorch: Boolean(track.getCapabilities?.().torch),
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

// The other cameras, the next one first.
async function otherCameras(current) {
  const all = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "videoinput");
  const place = all.findIndex((device) => device.deviceId === current);
  return [...all.slice(place + 1), ...all.slice(0, Math.max(0, place))].map((device) => device.deviceId);
}
