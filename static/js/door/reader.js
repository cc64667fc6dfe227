// Finds QR codes in a picture: the browser's own detector, else zxing from our own server.

// Returns async (ImageData) => [text, …]; rejects when no reader can be had.
export async function createReader(wasmAddress) {
  return (await nativeReader()) ?? zxingReader(wasmAddress);
}

async function nativeReader() {
  try {
    if (!(await globalThis.BarcodeDetector?.getSupportedFormats())?.includes("qr_code")) return null;
    const detector = new globalThis.BarcodeDetector({ formats: ["qr_code"] });
    await detector.detect(new ImageData(8, 8)); // some browsers promise a detector that they do not have
    return async (picture) => (await detector.detect(picture)).map((found) => found.rawValue);
  } catch {
    return null;
  }
}

async function zxingReader(wasmAddress) {
  const { prepareZXingModule, readBarcodes } = await import("../../vendor/zxing/reader/index.js");
  // Told nothing, it would fetch its program from a public host.
  await prepareZXingModule({ overrides: { locateFile: () => wasmAddress }, fireImmediately: true });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 2 };
  return async (picture) => (await readBarcodes(picture, options)).filter((found) => found.isValid).map((found) => found.text);
}
