// Owns Korean verbs: which stems a form may be of, by rules that undo what an ending did.

import { INITIALS, VOWELS, FINALS, isSyllable } from "./letters.js";

/** Vowels that a stem's own vowel and an ending's become together, and the stem's. */
const UNJOINED = { ㅕ: "ㅣ", ㅘ: "ㅗ", ㅝ: "ㅜ", ㅙ: "ㅚ", ㅏ: "ㅡ", ㅓ: "ㅡ" };
const syllable = (initial, vowel) => String.fromCharCode(0xac00 + (initial * 21 + VOWELS.indexOf(vowel)) * 28);

/** Stems that a word may be a form of, the likeliest first: 끊기 of 끊겨, 돕 of 도와서, 누르 of 눌렀, 시키 of 시킨거. */
export function uninflected(text, isBefore = false) {
  if (/.[요서도야거게걸건]$/.test(text)) return uninflected(text.slice(0, -1), /.[거게걸건]$/.test(text));
  const code = text.charCodeAt(text.length - 1) - 0xac00, final = code % 28, own = (code / 588) | 0, stems = [];
  if (!isSyllable(text.at(-1)) || (final && !(isBefore ? "ㄴㄹㅆ" : "ㅆ").includes(FINALS[final]))) return stems;
  const initial = INITIALS[own], vowel = VOWELS[((code / 28) | 0) % 21], isOpen = "ㅏㅓ".includes(vowel);
  const front = text.slice(0, -1), last = front.charCodeAt(front.length - 1) - 0xac00, closed = FINALS[last % 28];
  const withLast = (letter) => front.slice(0, -1) + String.fromCharCode(0xac00 + last - (last % 28) + FINALS.indexOf(letter));
  if (UNJOINED[vowel] && (!isOpen || "ㄲㄸㅃㅆㅋㅌㅍ".includes(initial))) stems.push(front + syllable(own, UNJOINED[vowel]));
  if (initial === "ㅇ" && "ㅘㅝ".includes(vowel) && closed === " ") stems.push(withLast("ㅂ"));
  if (initial === "ㄹ" && isOpen && closed === "ㄹ") stems.push(`${withLast(" ")}르`);
  if (final) stems.push(front + syllable(own, vowel));
  return stems;
}
