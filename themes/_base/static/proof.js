/* A little work before an inquiry is sent, where the brand asks for it: altcha's PBKDF2 task, in the browser's own
   cryptography. A phone needs a fraction of a second; whoever sends thousands needs hours. Loaded when it is needed. */

const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
const hexOf = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** The proof as the bridge reads it. `task` is what the bridge gave out. */
export async function solve(task) {
  const { nonce, salt, cost, keyLength, keyPrefix } = task.parameters;
  const rounds = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  const start = bytes(nonce);
  const password = new Uint8Array(start.length + 4);
  password.set(start);
  const place = new DataView(password.buffer);
  for (let counter = 0; ; counter += 1) {
    place.setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(await crypto.subtle.deriveBits(rounds, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) {
      return btoa(JSON.stringify({ challenge: task, solution: { counter, derivedKey } }));
    }
  }
}
