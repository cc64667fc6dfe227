// The reader in a worker of its own; where the browser has no worker for it, on the page.
import { createReader } from "./reader.js";

export async function createDecoder(wasmAddress, workerAddress) {
  return (await inWorker(wasmAddress, workerAddress).catch(() => null)) ?? createReader(wasmAddress);
}

function inWorker(wasm, address) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(address, { type: "module" });
    const asked = new Map();
    let count = 0;
    const fail = () => {
      worker.terminate();
      reject(new Error("no worker"));
    };
    worker.onerror = fail;
    worker.onmessage = ({ data }) => {
      if (data.ready) return resolve(read);
      if (data.id === undefined) return fail();
      const { done, failed } = asked.get(data.id);
      asked.delete(data.id);
      return data.problem ? failed(new Error(data.problem)) : done(data.texts);
    };
    worker.postMessage({ wasm: new URL(wasm, location.href).href });

    function read(picture) {
      count += 1;
      const id = count;
      return new Promise((done, failed) => {
        asked.set(id, { done, failed });
        const { buffer } = picture.data;
        worker.postMessage({ id, pixels: buffer, width: picture.width, height: picture.height }, [buffer]);
      });
    }
  });
}
