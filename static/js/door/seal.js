// Sealing what lies on the phone with AES-GCM. Keys cannot be taken out of the browser again, only used and deleted.
// Browsers keep cryptography from plain http: there nothing is sealed, and the list stays in memory only.

export const canSeal = () => Boolean(globalThis.crypto?.subtle);

export function keyFrom(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

export function newKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export async function seal(key, value) {
  const text = new TextEncoder().encode(JSON.stringify(value));
  if (!key) return { text };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, text: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text) };
}

export async function unseal(key, sealed) {
  const text = sealed.iv ? await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.text) : sealed.text;
  return JSON.parse(new TextDecoder().decode(text));
}
