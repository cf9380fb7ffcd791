// Owns letters and keys: what is the same to a reader, what a hand on the wrong layout meant. words.py does the same.

export const RUN_LONGEST = 40;

export const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
export const VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
export const FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
export const KEYS = { ㅘ: "ㅗㅏ", ㅙ: "ㅗㅐ", ㅚ: "ㅗㅣ", ㅝ: "ㅜㅓ", ㅞ: "ㅜㅔ", ㅟ: "ㅜㅣ", ㅢ: "ㅡㅣ", ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ",
  ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
const JOINED = new Map(Object.entries(KEYS).map(([jamo, keys]) => [keys, jamo]));
const LATIN = "qwertyuiopasdfghjklzxcvbnmQWERTOP";
const HANGUL = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ";
const TO_HANGUL = new Map([...LATIN].map((key, place) => [key, HANGUL[place]]));
export const TO_LATIN = new Map([...HANGUL].map((jamo, place) => [jamo, LATIN[place].toLowerCase()]));

const DENSE = "\\u0e01-\\u0e4e가-힣\\u3131-\\u318e\\u3040-\\u3096\\u30a1-\\u30fa\\u30fc\\u3005\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff";
const SPACED = `[^${DENSE}\\P{Alpha}]|(?![${DENSE}])\\p{N}`;
const RUN = new RegExp(`[\\u0e01-\\u0e4e]{1,40}|[${DENSE}]+|(?:${SPACED})+(?:[-.+#/'’](?:${SPACED})+)*`, "gu");
const IS_DENSE = new RegExp(`^[${DENSE}]`, "u");

/** One form for every way to write a character; `normal` of words.py. */
export function normal(text) {
  const composed = text.normalize("NFC");
  const narrow = /[\u3131-\u318e]/.test(composed) ? composed.replace(/[^\u3131-\u318e]+/g, (part) => part.normalize("NFKC")) : composed.normalize("NFKC");
  return narrow
    .replace(/[\u1100-\u1112]/g, (jamo) => INITIALS[jamo.charCodeAt(0) - 0x1100])
    .toLowerCase();
}

/** The runs of a normal text, each of one script; `runs` of words.py. */
export function runs(text) {
  const found = text.match(RUN) || [];
  return found.map((run) => (run.length > RUN_LONGEST ? [...run].slice(0, RUN_LONGEST).join("") : run));
}

export const isDense = (run) => IS_DENSE.test(run);
export const isSyllable = (letter) => letter >= "가" && letter <= "힣";

export const VOWEL_KEYS = [...VOWELS].map((vowel) => KEYS[vowel] || vowel);
export const FINAL_KEYS = [...FINALS].map((final) => (final === " " ? "" : KEYS[final] || final));

/** Hangul as the keys that type it, other letters as they are. */
export function keysOf(text) {
  let keys = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at) - 0xac00;
    if (code >= 0 && code < 11172) keys += INITIALS[(code / 588) | 0] + VOWEL_KEYS[((code / 28) | 0) % 21] + FINAL_KEYS[code % 28];
    else keys += KEYS[text[at]] || text[at];
  }
  return keys;
}

/** What a run typed on the English layout would be on the Korean one. */
export function composed(keys) {
  const jamo = [...keys].map((key) => TO_HANGUL.get(key) || TO_HANGUL.get(key.toLowerCase()) || key);
  const isVowel = (at) => at < jamo.length && VOWELS.includes(jamo[at]);
  let text = "";
  for (let at = 0; at < jamo.length; ) {
    if (!INITIALS.includes(jamo[at]) || !isVowel(at + 1)) { text += jamo[at++]; continue; }
    const initial = INITIALS.indexOf(jamo[at++]);
    let vowel = jamo[at++], final = "";
    if (isVowel(at) && JOINED.has(vowel + jamo[at])) vowel = JOINED.get(vowel + jamo[at++]);
    if (at < jamo.length && FINALS.indexOf(jamo[at]) > 0 && !isVowel(at + 1)) {
      final = jamo[at++];
      if (at < jamo.length && JOINED.has(final + jamo[at]) && !isVowel(at + 1)) final = JOINED.get(final + jamo[at++]);
    }
    text += String.fromCharCode(0xac00 + (initial * 21 + VOWELS.indexOf(vowel)) * 28 + (final ? FINALS.indexOf(final) : 0));
  }
  return text;
}

/** The initial consonants of a text, spaces kept. */
export function initialsOf(text) {
  let initials = "";
  for (const letter of text) initials += isSyllable(letter) ? INITIALS[Math.floor((letter.charCodeAt(0) - 0xac00) / 588)] : letter;
  return initials;
}
