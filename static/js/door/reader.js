// Finds QR codes in a picture: the browser's own detector, else zxing from our own server.

// Returns async (canvas) => [text, …]; rejects when no reader can be had.
export async function createReader(wasmAddress) {
  return (await nativeReader()) ?? zxingReader(wasmAddress);
}

async function nativeReader() {
  try {
    if (!(await globalThis.BarcodeDetector?.getSupportedFormats())?.includes("qr_code")) return null;
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    await detector.detect(new ImageData(8, 8)); // some browsers promise a detector that they do not have
    return async (canvas) => (await detector.detect(canvas)).map((found) => found.rawValue);
  } catch {
    return null;
  }
}

async function zxingReader(wasmAddress) {
  const { prepareZXingModule, readBarcodes } = await import("../../vendor/zxing/reader/index.js");
  // Told nothing, it would fetch its program from a public host.
  await prepareZXingModule({ overrides: { locateFile: () => wasmAddress }, fireImmediately: true });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 2 };
  return async (canvas) => {
    const { width, height } = canvas;
    const picture = canvas.getContext("2d").getImageData(0, 0, width, height);
    return (await readBarcodes(picture, options)).filter((found) => found.isValid).map((found) => found.text);
  };
}
