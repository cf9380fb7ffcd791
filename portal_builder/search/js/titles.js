// Owns letters of titles by threes, and how near a query is to each title.

import { INITIALS, KEYS, normal, runs, VOWEL_KEYS, FINAL_KEYS } from "./letters.js";

export const GRAM_BITS = 16, TITLE_K1 = 1.2, TITLE_B = 0.7;
const hash3 = (a, b, c) => (Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) >>> (32 - GRAM_BITS);

/** Threes of units: keys of Hangul, letters of spaced scripts, and Han and kana with a rest between. */
function eachGram(parts, visit) {
  let before = 0, last = 0, count = 0;
  const add = (unit) => {
    if (++count > 2) visit(hash3(before, last, unit));
    before = last; last = unit;
  };
  const addKeys = (keys) => { for (let at = 0; at < keys.length; at++) add(keys.charCodeAt(at)); };
  for (const part of parts) {
    for (let at = 0; at < part.length; at++) {
      const code = part.codePointAt(at), syllable = code - 0xac00;
      if (syllable >= 0 && syllable < 11172) {
        add(INITIALS.charCodeAt((syllable / 588) | 0));
        addKeys(VOWEL_KEYS[((syllable / 28) | 0) % 21]);
        addKeys(FINAL_KEYS[syllable % 28]);
      } else if (code >= 0x3131 && code <= 0x318e) addKeys(KEYS[part[at]] || part[at]);
      else { add(code); if (code >= 0x3040) add(1); }
      if (code > 0xffff) at++;
    }
  }
}

export function grams(text) {
  const found = [];
  eachGram([text], (gram) => { found.push(gram); });
  return found;
}

/** Where each gram of the titles occurs: documents by gram, one after the other in one array. */
export function titleGrams(titles) {
  const titleRuns = normal(titles.join("\n")).split("\n").map(runs);
  const starts = new Uint32Array((1 << GRAM_BITS) + 1), seen = new Uint32Array(1 << GRAM_BITS);
  const all = new Uint16Array(titleRuns.reduce((sum, parts) => parts.reduce((size, part) => size + part.length * 5, sum), 0));
  let size = 0;
  const ends = Uint32Array.from(titleRuns, (parts, doc) => {
    eachGram(parts, (gram) => {
      if (seen[gram] === doc + 1) return;
      seen[gram] = doc + 1;
      starts[gram + 1]++;
      all[size++] = gram;
    });
    return size;
  });
  for (let gram = 0; gram < 1 << GRAM_BITS; gram++) starts[gram + 1] += starts[gram];
  const docs = new Uint32Array(size), next = starts.slice();
  for (let at = 0, doc = 0; at < size; docs[next[all[at++]]++] = doc) while (ends[doc] <= at) doc++;
  const sizes = Float32Array.from(ends, (end, doc) => end - (ends[doc - 1] || 0));
  return { titleRuns, gramStarts: starts, gramDocs: docs, gramSizes: sizes, gramMean: size / sizes.length || 1 };
}
