// Reads QR codes beside the page, so that a slow picture never holds up the screen. Told once where the program lies.
import { createReader } from "./reader.js";

let reader = null;

self.onmessage = async ({ data }) => {
  try {
    if (data.wasm) {
      reader = createReader(data.wasm);
      await reader;
      return self.postMessage({ ready: true });
    }
    const read = await reader;
    const picture = new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height);
    return self.postMessage({ id: data.id, texts: await read(picture) });
  } catch (error) {
    return self.postMessage({ id: data.id, problem: String(error) });
  }
};
