// Owns what is packed in the index, as bits.py packs it: texts, rows of numbers, sets of hashes.

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
/** Of the text in UTF-8, without making its bytes: every part of every run is asked for. */
export function crcOf(text, crc = -1) {
  for (let at = 0; at < text.length; at++) {
    let code = text.codePointAt(at);
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    const more = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    for (let left = more; left >= 0; left--) {
      const byte = left < more ? 0x80 | ((code >> (6 * left)) & 63) : more ? ((0xf80 >> more) & 0xff) | (code >> (6 * left)) : code;
      crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
    }
    if (more > 2) at++;
  }
  return crc;
}
export const hashed = (text) => ~crcOf(text) >>> 0;

export const SET_BITS = 12;
const END = "!";
const FIRST = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at)).filter((c) => !`"\\${END}`.includes(c));

export function readTexts(text, letters) {
  const codes = [];
  [...letters].forEach((letter, place) => {
    const code = 0xa1 + place - FIRST.length;
    codes[place < FIRST.length ? FIRST[place].charCodeAt(0) : code < 0xd800 ? code : code + 0x800] = letter;
  });
  codes[END.charCodeAt(0)] = "\n";
  return Array.from({ length: text.length }, (_, at) => codes[text.charCodeAt(at)]).join("").split("\n");
}

export function readFront(text) {
  let before = "";
  return text === "" ? [] : text.split("\n").map((line) => (before = before.slice(0, line.charCodeAt(0) - 0x30) + line.slice(1)));
}

/** A set of hashes in order, and where those begin that share their upper bits: about one each. */
export function readSet([size, text], first) {
  const bits = new Bits(text), values = new Uint32Array(size), width = Math.min(32, 32 - Math.clz32(size) + SET_BITS);
  const starts = new Uint32Array(2 ** (width - SET_BITS) + 1);
  for (let at = 0, value = -1; at < size; at++) {
    values[at] = value += 1 + bits.rice(SET_BITS);
    starts[(value >>> SET_BITS) + 1] = at + 1;
  }
  for (let at = 1; at < starts.length; at++) if (!starts[at]) starts[at] = starts[at - 1];
  return { values, starts, first, shift: 32 - width };
}

export const words = (text) => (text ? text.split(" ") : []);

export class Bits {
  constructor(text) {
    const binary = atob(text);
    this.bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) this.bytes[at] = binary.charCodeAt(at);
    this.at = 0;
  }
  bit() {
    const bit = (this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1;
    this.at++;
    return bit;
  }
  number(size) {
    let value = 0;
    while (size > 0) {
      const free = 8 - (this.at & 7), take = Math.min(free, size);
      value = value * 2 ** take + ((this.bytes[this.at >> 3] >> (free - take)) & ((1 << take) - 1));
      this.at += take;
      size -= take;
    }
    return value;
  }
  gamma() {
    let zeros = 0;
    while (!this.bit()) if (++zeros > 30) throw new Error("not ours");
    return this.number(zeros) + 2 ** zeros;
  }
  rice(parameter) {
    let high = 0;
    while (this.bit()) high++;
    return high * 2 ** parameter + this.number(parameter);
  }
}
