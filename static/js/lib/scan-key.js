// The id of a scan, made on the phone. randomUUID is kept from pages served over plain http, getRandomValues is not.

export function newScanKey(source = globalThis.crypto) {
  if (typeof source.randomUUID === "function") return source.randomUUID();
  return [...source.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
