// Looks at the camera's picture about ten times a second and tells each code that comes into view, once.
import { createHeld } from "../lib/held.js";
import { openCamera, remember, Trouble } from "./camera.js";
import { createReader } from "./reader.js";

const PAUSE = 100;
const LONG_SIDE = 800;

// told: isLooking() → whether codes count now, onCode(text), onOpen(camera), onTrouble(kind)
export function createEye(video, wasmAddress, told) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const held = createHeld();
  let camera = null;
  let reader = null;
  let timer = null;
  let opening = 0;

  async function open(deviceId) {
    close();
    const mine = (opening += 1);
    try {
      const opened = await openCamera(video, () => trouble("lost"), deviceId);
      if (mine !== opening) return opened.close();
      camera = opened;
      reader ??= await createReader(wasmAddress).catch(() => {
        throw new Trouble("reader");
      });
      if (mine !== opening) return;
      told.onOpen(camera);
      timer = setTimeout(look, PAUSE);
    } catch (error) {
      if (mine === opening) trouble(error.kind ?? "other");
    }
  }

  function trouble(kind) {
    close();
    told.onTrouble(kind);
  }

  function close() {
    opening += 1;
    clearTimeout(timer);
    timer = null;
    camera?.close();
    camera = null;
  }

  async function look() {
    const started = performance.now();
    const mine = opening;
    if (told.isLooking() && draw()) {
      try {
        for (const text of await reader(canvas)) {
          if (text && mine === opening && held.isNew(text, performance.now())) told.onCode(text);
        }
      } catch (error) {
        console.error("reading a picture", error);
      }
    }
    if (mine === opening) timer = setTimeout(look, Math.max(10, PAUSE - (performance.now() - started)));
  }

  function draw() {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width || video.readyState < 2) return false;
    const scale = Math.min(1, LONG_SIDE / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    return true;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  return {
    open,
    close,
    async another() {
      const [next] = (await camera?.others()) ?? [];
      if (!next) return;
      remember(next);
      await open(next);
    },
    torch: (on) => camera?.torch(on),
  };
}
