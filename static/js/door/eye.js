// Looks at the camera's picture many times a second and tells each code that comes into view, once. Every other look is
// at the middle in full sharpness, for small codes held far away.
import { createHeld } from "../lib/held.js";
import { openCamera, remember, Trouble } from "./camera.js";
import { createDecoder } from "./decoder.js";

const PAUSE = 60;
const LONG_SIDE = 800;

// told: isLooking() → whether codes count now, onCode(text, seenAt), onOpen(camera), onTrouble(kind)
export function createEye(video, { wasm, worker }, told) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let held = createHeld();
  let camera = null;
  let reader = null;
  let timer = null;
  let opening = 0;
  let looks = 0;

  async function open(deviceId) {
    close();
    const mine = (opening += 1);
    const ready = decoder(); // fetched while the person is asked about the camera
    ready.catch(() => {});
    try {
      const opened = await openCamera(video, () => trouble("lost"), deviceId);
      if (mine !== opening) return opened.close();
      camera = opened;
      await ready;
      if (mine !== opening) return;
      told.onOpen(camera);
      timer = setTimeout(look, PAUSE);
    } catch (error) {
      if (mine === opening) trouble(error.kind ?? "other");
    }
  }

  function decoder() {
    reader ??= createDecoder(wasm, worker).catch(() => {
      reader = null;
      throw new Trouble("reader");
    });
    return reader;
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
    const picture = told.isLooking() ? draw() : null;
    if (picture) {
      try {
        for (const text of await (await reader)(picture)) {
          if (text && mine === opening && held.isNew(text, performance.now())) told.onCode(text, started);
        }
      } catch (error) {
        console.error("reading a picture", error);
      }
    }
    if (mine === opening) timer = setTimeout(look, Math.max(5, PAUSE - (performance.now() - started)));
  }

  function draw() {
    const { videoWidth: width, videoHeight: height } = video;
    if (!width || video.readyState < 2) return null;
    looks += 1;
    const near = looks % 2 === 0 && Math.max(width, height) > LONG_SIDE;
    const side = Math.min(width, height, LONG_SIDE);
    const [from, size] = near ? [[(width - side) / 2, (height - side) / 2], [side, side]] : [[0, 0], [width, height]];
    return shrink(video, from, size);
  }

  function shrink(source, [left, top], [width, height], longest = LONG_SIDE) {
    const scale = Math.min(1, longest / Math.max(width, height));
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    context.drawImage(source, left, top, width, height, 0, 0, canvas.width, canvas.height);
    return context.getImageData(0, 0, canvas.width, canvas.height);
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  return {
    open,
    close,
    get isOpen() {
      return camera !== null;
    },
    async another() {
      const [next] = (await camera?.others()) ?? [];
      if (!next) return;
      remember(next);
      await open(next);
    },
    // What is before the camera counts as new.
    forget() {
      held = createHeld();
    },
    torch: (on) => camera?.torch(on),
    zoom: (to) => camera?.zoom(to),
    // The texts in a photo that the phone's own camera has taken.
    async readPhoto(file) {
      const read = await decoder();
      const photo = await createImageBitmap(file);
      for (const longest of [1600, LONG_SIDE]) {
        const found = await read(shrink(photo, [0, 0], [photo.width, photo.height], longest));
        if (found.length) return found;
      }
      return [];
    },
  };
}
