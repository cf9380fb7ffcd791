// Owns the search in the browser: a query in, results out. No DOM, no dictionary, no HTML: docs/search.md.
//
//   const portal = openSearch("https://help.example.com/brand/ko/search/", { fetch });
//   const results = await portal.search("환불은 어떻게 하나요", { limit: 10 });
//
// A result is {id, url, title, kind, lang, score, excerpt, marked}. `excerpt` and `marked` (the title) are arrays of plain
// strings, turn by turn unmarked and marked: ["To get a ", "refund", ", open ..."]. Set them as text, never as HTML.
// Where a text is not here yet, its excerpt names the words found in it; `{ complete: true }` loads every text shown.
// `lang` is the language of a text, empty where it is the portal's.
// `results.incomplete` is true where a file did not load: the results are those that could be found without it.

const VERSION = 2;
const QUERY_LONGEST = 200;
const RUNS_AT_MOST = 24;
const RUN_LONGEST = 40;
const SHARDS_AT_MOST = 4;
const REQUESTS_AT_MOST = 4;
const EXCERPT_LENGTH = 120;
const SPLITS_AT_MOST = 5000;
const SYNONYMS_AT_MOST = 6;
/** What counts how much: title letters beside terms, all of them and those of the words that tell something, guesses for unknown words, parts of words, synonyms; other words as a hit, as having the word, and where no article has the word itself. */
const WEIGHTS = { letters: 0.3, whole: 0.25, least: 0.2, unknown: 0.8, length: 0.12, part: 0.25, synonym: 0.8, other: 0.2, alike: 0.4, unsaid: 2, rest: 0.5, together: 0.5, inside: 0.3 };
/** Shards that promise less than this share of the whole query are not loaded. */
const REST = 0.15;

// ---------------------------------------------------------------------------------------------- letters

const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";
const KEYS = { ㅘ: "ㅗㅏ", ㅙ: "ㅗㅐ", ㅚ: "ㅗㅣ", ㅝ: "ㅜㅓ", ㅞ: "ㅜㅔ", ㅟ: "ㅜㅣ", ㅢ: "ㅡㅣ", ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ",
  ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
const JOINED = new Map(Object.entries(KEYS).map(([jamo, keys]) => [keys, jamo]));
const LATIN = "qwertyuiopasdfghjklzxcvbnmQWERTOP";
const HANGUL = "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ";
const TO_HANGUL = new Map([...LATIN].map((key, place) => [key, HANGUL[place]]));
const TO_LATIN = new Map([...HANGUL].map((jamo, place) => [jamo, LATIN[place].toLowerCase()]));

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

const isDense = (run) => IS_DENSE.test(run);
const isSyllable = (letter) => letter >= "가" && letter <= "힣";

const VOWEL_KEYS = [...VOWELS].map((vowel) => KEYS[vowel] || vowel);
const FINAL_KEYS = [...FINALS].map((final) => (final === " " ? "" : KEYS[final] || final));

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

// ---------------------------------------------------------------------------------------------- stems
/* English */

const SUFFIXES2 = { ational: "ate", tional: "tion", enci: "ence", anci: "ance", izer: "ize", bli: "ble", alli: "al",
  entli: "ent", eli: "e", ousli: "ous", ization: "ize", ation: "ate", ator: "ate", alism: "al", iveness: "ive",
  fulness: "ful", ousness: "ous", aliti: "al", iviti: "ive", biliti: "ble", logi: "log" };
const SUFFIXES3 = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
const SUFFIX2 = new RegExp(`^(.+?)(${Object.keys(SUFFIXES2).join("|")})$`);
const SUFFIX3 = new RegExp(`^(.+?)(${Object.keys(SUFFIXES3).join("|")})$`);
const SUFFIX4 = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** Vowels and consonants of a word, as `v` and `c`. */
function shape(word) {
  let shapes = "";
  for (const letter of word) shapes += "aeiou".includes(letter) || (letter === "y" && shapes.at(-1) === "c") ? "v" : "c";
  return shapes;
}
const measure = (word) => (shape(word).match(/v+c+/g) || []).length;
const hasVowel = (word) => shape(word).includes("v");
const endsShort = (word) => shape(word).endsWith("cvc") && !/[wxy]$/.test(word);
const endsDouble = (word) => /(.)\1$/.test(word) && shape(word).endsWith("c");

/** The stem that lunr's Porter stemmer gives; `stem` of words.py. */
export function stem(word) {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  return fifth(fourth(suffix(suffix(plain(word), SUFFIX2, SUFFIXES2), SUFFIX3, SUFFIXES3)));
}

function plain(word) {
  if (/(ss|i)es$/.test(word)) word = word.slice(0, -2);
  else if (/[^s]s$/.test(word)) word = word.slice(0, -1);
  const [, start] = /^(.*)(?:ed|ing)$/.exec(word) || [];
  if (word.endsWith("eed")) {
    if (measure(word.slice(0, -3)) > 0) word = word.slice(0, -1);
  } else if (start !== undefined && hasVowel(start)) {
    word = start;
    if (/(at|bl|iz)$/.test(word)) word += "e";
    else if (endsDouble(word)) word = /[lsz]$/.test(word) ? word : word.slice(0, -1);
    else if (measure(word) === 1 && endsShort(word)) word += "e";
  }
  return word.endsWith("y") && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

function suffix(word, pattern, replacements) {
  const found = pattern.exec(word);
  return found && measure(found[1]) > 0 ? found[1] + replacements[found[2]] : word;
}

function fourth(word) {
  const found = SUFFIX4.exec(word);
  if (found) return measure(found[1]) > 1 ? found[1] : word;
  return /.[st]ion$/.test(word) && measure(word.slice(0, -3)) > 1 ? word.slice(0, -3) : word;
}

function fifth(word) {
  if (word.endsWith("e")) {
    const count = measure(word.slice(0, -1));
    if (count > 1 || (count === 1 && !endsShort(word.slice(0, -1)))) word = word.slice(0, -1);
  }
  return word.endsWith("ll") && measure(word) > 1 ? word.slice(0, -1) : word;
}

/* end */

/** The terms of a run that is not dense; `spaced_terms` of words.py. */
export function spacedTerms(run) {
  const bare = run.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  let parts = bare.match(/[\p{Alpha}\p{N}]+/gu) || [];
  if (parts.length === 2 && /['’]/.test(bare) && parts[1].length <= 2) parts = parts.slice(0, 1);
  const terms = parts.map(stem);
  return parts.length > 1 ? [...terms, parts.join("").slice(0, RUN_LONGEST)] : terms;
}

// ---------------------------------------------------------------------------------------------- the head

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1;
  return byte;
});
/** Of the text in UTF-8, without making its bytes: every part of every run is asked for. */
function crcOf(text, crc = -1) {
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
const hashed = (text) => ~crcOf(text) >>> 0;

const SET_BITS = 12;
const END = "!";
const FIRST = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at)).filter((c) => !`"\\${END}`.includes(c));

function readTexts(text, letters) {
  const codes = [];
  [...letters].forEach((letter, place) => {
    const code = 0xa1 + place - FIRST.length;
    codes[place < FIRST.length ? FIRST[place].charCodeAt(0) : code < 0xd800 ? code : code + 0x800] = letter;
  });
  codes[END.charCodeAt(0)] = "\n";
  return Array.from({ length: text.length }, (_, at) => codes[text.charCodeAt(at)]).join("").split("\n");
}

function readFront(text) {
  let before = "";
  return text === "" ? [] : text.split("\n").map((line) => (before = before.slice(0, line.charCodeAt(0) - 0x30) + line.slice(1)));
}

/** A set of hashes in order, and where those begin that share their upper bits: about one each. */
function readSet([size, text], first) {
  const bits = new Bits(text), values = new Uint32Array(size), width = Math.min(32, 32 - Math.clz32(size) + SET_BITS);
  const starts = new Uint32Array(2 ** (width - SET_BITS) + 1);
  for (let at = 0, value = -1; at < size; at++) {
    values[at] = value += 1 + bits.rice(SET_BITS);
    starts[(value >>> SET_BITS) + 1] = at + 1;
  }
  for (let at = 1; at < starts.length; at++) if (!starts[at]) starts[at] = starts[at - 1];
  return { values, starts, first, shift: 32 - width };
}

const words = (text) => (text ? text.split(" ") : []);
const CLASS_COSTS = [13, 12, 12, 11, 11, 10, 10, 10, 10], CLASS_SEEN = [1, 2, 3, 6, 13, 32, 80, 190, 450];
const SHORT_COST = 6, SHORT_HAN_COST = 3, IDLE_COST = 8;
const TAIL_COST = 5, SHORT_TAIL_COST = 6, LETTER_TAIL_COST = 9;
const UNKNOWN_COST = 20, UNKNOWN_LETTER_COST = 6.5, UNKNOWN_HAN_COST = 17, LONELY_COST = 8;
const LIGHT = "할한해된될돼함됨";
const PARTICLES = "은는이가을를의에도로와과만고のはがをにへとでもや的了";
const LONGEST_PIECE = 12;

/** Everything the head says, ready to be asked. */
function readHead(head) {
  if (head.version !== VERSION) throw new Error("another version");
  const textOf = head.textCounts.flatMap((count, shard) => Array(count).fill(shard));
  const titles = readTexts(head.titles, head.letters).slice(0, textOf.length);
  const ids = readFront(head.ids);
  const index = {
    ids, titles, urls: head.urls ? readFront(head.urls) : ids.map((id) => `${id}/`),
    kind: (doc) => head.kinds[head.kind.length ? head.kind[doc] : 0],
    lang: (doc) => head.langs[head.lang.length ? head.lang[doc] : 0] ?? "",
    texts: head.texts, textOf, shards: head.shards, rare: head.rare, firsts: [], sets: [], grams: head.grams, /* letter pairs */
    stops: new Set(words(head.stops)), synonyms: [], splits: new Map(),
    shown: [], textFirst: [], initialStarts: [],
  };
  for (let doc = 0; doc < textOf.length; doc++) index.textFirst[textOf[doc]] ??= doc;
  let first = 0;
  for (const [, count] of head.shards) { index.firsts.push(first); first += count; }
  first = 0;
  for (const set of head.terms) { index.sets.push(readSet(set, first)); first += set[0]; }
  readPieces(index, head);
  Object.assign(index, titleGrams(titles));
  index.synonyms = head.synonyms.map((group) => group.map((phrase) => ({ runs: runs(normal(phrase)), found: understand(index, phrase) })));
  return index;
}

/** The class of a term and where its postings are; none where the head does not name it. */
function placeOf(index, term, hash = hashed(term)) {
  for (let rank = index.sets.length - 1; rank >= 0; rank--) {
    const { values, starts, first, shift } = index.sets[rank], value = hash >>> shift, upper = value >>> SET_BITS;
    for (let at = starts[upper]; at < starts[upper + 1]; at++) if (values[at] === value) return { rank, place: first + at };
  }
  return undefined;
}

/** What the letters of a run may stand for: words of the language, or stems of the portal. */
function readPieces(index, head) {
  const fixed = new Map(), tails = new Map(), aliases = words(head.aliases);
  for (const word of words(head.idle)) fixed.set(word, [IDLE_COST, ""]);
  for (let at = 0; at < aliases.length; at += 2) fixed.set(aliases[at], [CLASS_COSTS[1], aliases[at + 1]]);
  for (const word of index.stops) if (!fixed.has(word)) fixed.set(word, [IDLE_COST, ""]);
  for (const tail of words(head.tails)) tails.set(tail, [tailCost(tail), ""]);
  index.isLone = (run) => tails.has(run) && (run.length > 1 || LIGHT.includes(run));
  index.piece = (text, behind, hash) => {
    const tail = behind && tails.get(text);
    let piece = fixed.get(text);
    if (!piece && !tail) {
      const place = placeOf(index, text, hash);
      piece = place && [CLASS_COSTS[place.rank] + shortCost(text), text];
    }
    return tail && !(piece && piece[0] <= tail[0]) ? tail : piece;
  };
}

const tailCost = (tail) => (tail.length > 1 ? TAIL_COST : PARTICLES.includes(tail) ? SHORT_TAIL_COST : LETTER_TAIL_COST);
const isHangul = (letter) => isSyllable(letter) || (letter >= "ㄱ" && letter <= "ㆎ");
const shortCost = (text) => (text.length > 1 ? 0 : isHangul(text) ? SHORT_COST : SHORT_HAN_COST);

// ---------------------------------------------------------------------------------------------- titles

const GRAM_BITS = 16, TITLE_K1 = 1.2, TITLE_B = 0.7;
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

function grams(text) {
  const found = [];
  eachGram([text], (gram) => { found.push(gram); });
  return found;
}

/** Where each gram of the titles occurs: documents by gram, one after the other in one array. */
function titleGrams(titles) {
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

// ---------------------------------------------------------------------------------------------- the query

/** The pieces of a dense run, kept: the same runs come with every letter that is typed. */
function split(index, run) {
  let pieces = index.splits.get(run);
  if (pieces) return pieces;
  if (index.splits.size >= SPLITS_AT_MOST) index.splits.clear();
  index.splits.set(run, pieces = splitAnew(index, run));
  return pieces;
}

/** Split a dense run by the portal's vocabulary; `Splitter` of lexicon.py. Pieces are {text, term}; no term: unknown. */
function splitAnew(index, run) {
  if (index.grams) return Array.from({ length: Math.max(1, run.length - index.grams + 1) }, (_, at) => gramPiece(index, run.slice(at, at + index.grams)));
  if (index.isLone(run)) return [{ text: run, term: "" }];
  const size = run.length, costs = new Float64Array(size + 1).fill(1e9), back = new Array(size + 1);
  costs[0] = 0;
  for (let begin = 0; begin < size; begin++) {
    const here = costs[begin], hangul = isHangul(run[begin]);
    const before = back[begin], isLonely = before && before[1] && begin - before[0] === 1 && isHangul(run[before[0]]);
    for (let end = begin + 1, crc = -1; end <= Math.min(size, begin + LONGEST_PIECE); end++) {
      const unknown = here + (hangul ? UNKNOWN_COST + UNKNOWN_LETTER_COST * (end - begin - 1) : UNKNOWN_HAN_COST * (end - begin));
      if (unknown < costs[end]) { costs[end] = unknown; back[end] = [begin]; }
      crc = crcOf(run[end - 1], crc);
      const piece = index.piece(run.slice(begin, end), begin > 0, ~crc >>> 0);
      const cost = piece ? here + piece[0] + (isLonely && piece[1] ? LONELY_COST : 0) : Infinity;
      if (cost < costs[end]) { costs[end] = cost; back[end] = [begin, piece[1]]; }
    }
  }
  const pieces = [];
  for (let end = size; end > 0; end = back[end][0]) {
    const [begin, term] = back[end], text = run.slice(begin, end);
    const known = term ?? [text, ...uninflected(text)].find((form) => placeOf(index, form));
    pieces.unshift(known === undefined ? { text, stems: uninflected(text) } : { text, term: known });
  }
  return pieces;
}

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

const gramPiece = (index, text) => ({ text, term: placeOf(index, text) ? text : undefined });

function understand(index, query) {
  const typed = [...query.slice(0, QUERY_LONGEST * 2)].slice(0, QUERY_LONGEST).join("");
  const found = { pieces: [], initials: [], typed: [], content: [], runs: [], words: [] };
  // Shifted keys mean something on the Korean layout, so the layout is read before letters become small.
  const raw = runs(typed.normalize("NFC")).slice(0, RUNS_AT_MOST);
  for (const word of raw) for (const run of runs(normal(word)/* other letters */)) readRun(index, run, word, found);
  return found;
}

function readRun(index, run, typed, found) {
  found.words.push(run);
  if (/^[ㄱ-ㅎ]+$/.test(run)) {
    const latin = [...run].map((jamo) => TO_LATIN.get(jamo) || "").join("");
    if (placeOf(index, stem(latin)) && latin.length > 2) { readSpaced(index, latin, found); return; }
    found.initials.push([...run].map((jamo) => (INITIALS.includes(jamo) ? jamo : KEYS[jamo] || jamo)).join(""));
    return;
  }
  if (isDense(run)) {
    const pieces = split(index, run);
    if (/[ㄱ-ㅣ]/.test(run) && !pieces.some((piece) => piece.term)) {
      const latin = [...keysOf(run)].map((jamo) => TO_LATIN.get(jamo) || jamo).join("");
      if (spacedTerms(latin).some((term) => placeOf(index, term)) || isInTitles(index, latin)) { readSpaced(index, latin, found); return; }
    }
    addDense(index, pieces, run, found);
    return;
  }
  if (/^[a-z]+$/.test(run) && !spacedTerms(run).some((term) => placeOf(index, term) || index.stops.has(term))) {
    const hangul = composed(/^[A-Z]+$/.test(typed) ? run : typed);
    const syllables = [...hangul].filter(isSyllable).length;
    if (/* korean */ /^[ㄱ-ㅎ]{2,}$/.test(hangul)) { found.initials.push(hangul); return; }
    if (syllables * 2 > hangul.length && looksKnown(index, hangul)) { addDense(index, split(index, hangul), hangul, found); return; }
  }
  readSpaced(index, run, found);
}

/** Whether Hangul could be meant: known pieces, or most of its grams in titles. */
function looksKnown(index, hangul) {
  return split(index, hangul).some((piece) => piece.term && piece.text.length > 1) || isInTitles(index, hangul);
}

function isInTitles(index, text) {
  const all = grams(text);
  return all.filter((gram) => index.gramStarts[gram + 1] > index.gramStarts[gram]).length * 2 > all.length;
}

function addDense(index, pieces, run, found) {
  const content = index.grams ? run : pieces.filter((piece) => piece.term !== "").map((piece) => piece.text).join("");
  found.pieces.push(...pieces);
  found.content.push(content || run);
  found.typed.push(run);
  found.runs.push(run);
}

function readSpaced(index, run, found) {
  found.typed.push(run);
  for (const term of spacedTerms(run)) {
    const isIdle = index.stops.has(term);
    found.pieces.push({ text: run, term: isIdle ? "" : placeOf(index, term) ? term : undefined, rare: term, spaced: true });
  }
  if (!found.pieces.length || found.pieces.at(-1).term !== "") found.content.push(run);
}

/** Other ways to say what was typed, by the portal's groups of synonyms: their pieces, and the content with them. */
function synonymsOf(index, found) {
  const typed = found.words.filter((run) => !isDense(run)), dense = found.words.filter(isDense).join("");
  const says = ({ runs: own }) => own.every((run) => (isDense(run) ? dense.includes(run) : typed.includes(run)));
  const others = [];
  for (const group of index.synonyms) {
    const said = group.find(says);
    for (const other of said ? group : []) {
      if (says(other) || others.length >= SYNONYMS_AT_MOST) continue;
      const rest = found.content.map((part) => said.runs.reduce((left, run) => left.replaceAll(run, ""), part));
      const content = [...rest, ...other.found.content].filter(Boolean);
      others.push({ pieces: other.found.pieces, typed: content, content });
    }
  }
  return others;
}

// ---------------------------------------------------------------------------------------------- scores

class Bits {
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

const IMPACT_BITS = 4, KEY_BITS = 16;
/** What the lowest impacts count for: not this word, but one that means the same. */
const ALIKE = [1.6, 2.8, 4.4];

function readPostings(bits, documents) {
  const size = bits.gamma(), docs = new Uint32Array(size), impacts = new Uint8Array(size);
  const parameter = Math.max(0, 31 - Math.clz32(Math.floor(documents / (size + 1))));
  for (let at = 0, doc = -1; at < size; at++) {
    docs[at] = doc += 1 + bits.rice(parameter);
    impacts[at] = bits.number(IMPACT_BITS);
  }
  return { docs, impacts, own: impacts.reduce((sum, impact) => sum + (impact >= ALIKE.length), 0) };
}

/** The postings of a shard's terms, in the order of the head. */
function readShard(text, count, documents) {
  const bits = new Bits(text);
  return Array.from({ length: count }, () => readPostings(bits, documents));
}

/** The postings of rare terms by the beginnings of their hashes. */
function readRare(text, documents) {
  const bits = new Bits(text), lists = new Map();
  for (let left = bits.gamma() - 1; left > 0; left--) lists.set(bits.number(KEY_BITS), readPostings(bits, documents));
  return lists;
}

const rarity = (count, documents) => Math.log(1 + (documents - count + 0.5) / (count + 0.5));
const likelyRarity = (rank, documents) => rarity(Math.min(CLASS_SEEN[rank], documents / 2), documents);

/** Add how well titles match the letters of what was typed, or of another way to say it. */
function addTitles(index, ways, mass, scores) {
  const most = new Float32Array(scores.length);
  ways.forEach(({ typed, content }, way) => {
    const worth = way ? WEIGHTS.synonym : 1, asked = new Set(content.flatMap(grams));
    const all = titleSums(index, new Set(grams(typed.join("")))), own = titleSums(index, asked);
    for (let doc = 0; doc < most.length; doc++) {
      const size = index.gramSizes[doc], cover = own.sums[doc] / (own.total || 1);
      if (!scores[doc] && Math.max(cover, all.sums[doc] / (all.total || 1)) < WEIGHTS.least) continue;
      const letters = all.sums[doc] / (1 + TITLE_K1 * (1 - TITLE_B + TITLE_B * size / index.gramMean));
      const whole = cover * (cover + 0.2) / (1 + WEIGHTS.length * Math.log(1 + size / (asked.size + 1)));
      most[doc] = Math.max(most[doc], worth * (WEIGHTS.letters * letters + WEIGHTS.whole * mass * whole));
    }
  });
  for (let doc = 0; doc < most.length; doc++) scores[doc] += most[doc];
}

/** What each title shares with some grams, by how rare they are; and what one with all of them would. */
function titleSums(index, wanted) {
  const sums = new Float32Array(index.titles.length);
  let total = 0;
  for (const gram of wanted) {
    const from = index.gramStarts[gram], to = index.gramStarts[gram + 1], weight = rarity(to - from, sums.length);
    total += weight;
    for (let at = from; at < to; at++) sums[index.gramDocs[at]] += weight;
  }
  return { sums, total };
}

/** Initial consonants alone: runs of them in titles, at the beginnings of words first. */
function addInitials(index, queries, scores) {
  index.initials ||= joined(index.titleRuns.map((title) => initialsOf(title.join(""))));
  for (const doc of new Set(queries.flatMap((query) => holders(index.initials, query)))) {
    const letters = index.initials.texts[doc], starts = index.initialStarts[doc] ||= startsOf(index.titleRuns[doc]);
    let points = 0, from = 0;
    for (const query of queries) {
      let at = letters.indexOf(query);
      if (at < 0) continue;
      points += query.length * 2;
      if (letters.indexOf(query, from) >= from) { points += 0.5; from = at + query.length; }
      while (at >= 0 && !starts.has(at)) at = letters.indexOf(query, at + 1);
      if (at >= 0) points += query.length;
    }
    scores[doc] += points * 3 - letters.length * 0.02;
  }
}

/** Where runs begin, one after the other. */
function startsOf(titleRuns) {
  let end = 0;
  return new Set([0, ...titleRuns.map((run) => (end += run.length))]);
}

/** One word, perhaps still being typed: titles that hold it, the likely words it may become by turns. */
function addBeginnings(index, word, scores) {
  const keys = keysOf(word), groups = new Map();
  index.keyed ||= joined(index.titleRuns.map((title) => keysOf(title.join("\n"))));
  holders(index.keyed, keys).forEach((doc) => {
    const found = beginning(index, index.titleRuns[doc], keys);
    if (!found) return;
    if (!groups.has(found.word)) groups.set(found.word, { weight: 0, docs: [] });
    const group = groups.get(found.word);
    group.weight += found.weight;
    group.docs.push([doc, found.weight + scores[doc] * 0.01]);
  });
  const order = [];
  const sorted = [...groups.values()].sort((one, other) => other.weight - one.weight);
  for (const group of sorted) group.docs.sort((one, other) => other[1] - one[1]);
  for (let turn = 0; order.length < 100 && sorted.some(({ docs }) => turn < docs.length); turn++) {
    for (const { docs } of sorted) if (turn < docs.length) order.push(docs[turn][0]);
  }
  const top = scores.reduce((most, score) => Math.max(most, score), 0);
  order.forEach((doc, place) => { scores[doc] = top + 1 + (order.length - place) / order.length; });
  return order.length;
}

/** Texts as one: looking through it is one search and not thousands. */
function joined(texts) {
  const starts = new Uint32Array(texts.length + 1);
  texts.forEach((text, place) => { starts[place + 1] = starts[place] + text.length + 1; });
  return { texts, text: texts.join("\0"), starts };
}

/** Which of the texts hold a part. */
function holders({ text, starts }, part) {
  const found = [];
  for (let at = text.indexOf(part), place = 0; at >= 0; at = text.indexOf(part, starts[place])) {
    while (starts[place + 1] <= at) place++;
    found.push(place++);
  }
  return found;
}

/** Where the runs of a title begin with some keys, at best with a run of their own; and the word that makes. */
function beginning(index, titleRuns, keys) {
  let inside;
  for (const run of titleRuns) {
    const all = keysOf(run);
    if (all.startsWith(keys)) return { word: wordOf(index, run, keys), weight: 1 };
    if (inside || !all.includes(keys)) continue;
    for (let at = 1, from = 0; at < run.length && !inside; at++) {
      from += keysOf(run[at - 1]).length;
      if (all.startsWith(keys, from)) inside = run.slice(at);
    }
  }
  return inside && { word: wordOf(index, inside, keys), weight: WEIGHTS.inside };
}

/** The pieces at the beginning of a run that some keys have begun. */
function wordOf(index, run, keys) {
  let word = "";
  for (const piece of split(index, run)) { word += piece.text; if (keysOf(word).length >= keys.length) break; }
  return word;
}

function best(scores, limit) {
  const found = [];
  for (let doc = 0; doc < scores.length; doc++) {
    if (scores[doc] <= 0 || (found.length === limit && scores[doc] <= scores[found.at(-1)])) continue;
    let at = found.length;
    while (at > 0 && scores[found[at - 1]] < scores[doc]) at--;
    found.splice(at, 0, doc);
    if (found.length > limit) found.pop();
  }
  return found;
}

// ---------------------------------------------------------------------------------------------- excerpts

/** A text to cut; its normal form is made once. */
class Text {
  constructor(text) { this.text = text; }
  get aligned() { return (this.form ||= aligned(this.text)); }
}

/** Cut a text where a pattern matches: unmarked and marked by turns. */
function marked(source, needles) {
  const spans = spansOf(source, needles), parts = [], { text } = source;
  let from = 0;
  for (const [begin, end] of spans) { parts.push(text.slice(from, begin), text.slice(begin, end)); from = end; }
  parts.push(text.slice(from));
  return parts;
}

function spansOf(source, needles) {
  const { plain: plainText, places } = source.aligned, spans = [];
  for (const { text: needle, spaced } of needles) {
    for (let at = plainText.indexOf(needle); at >= 0 && spans.length < 200; at = plainText.indexOf(needle, at + needle.length)) {
      let end = at + needle.length;
      if (spaced) {
        if (at > 0 && /[\p{L}\p{N}]/u.test(plainText[at - 1]) && !isDense(plainText[at - 1])) continue;
        while (end < plainText.length && /[a-z0-9]/.test(plainText[end])) end++;
      }
      spans.push([places ? places[at] : at, places ? places[end] : end]);
    }
  }
  spans.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return spans.reduce((joined, span) => {
    const last = joined.at(-1);
    if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
    else joined.push([...span]);
    return joined;
  }, []);
}

/** A text in its normal form, and where its letters came from if that moved them. */
function aligned(text) {
  const whole = normal(text);
  if (whole.length === text.length) return { plain: whole };
  let plainText = "";
  const places = [];
  for (let at = 0; at < text.length; ) {
    const letter = String.fromCodePoint(text.codePointAt(at)), form = normal(letter);
    for (let i = 0; i < form.length; i++) places.push(at);
    plainText += form;
    at += letter.length;
  }
  places.push(text.length);
  return { plain: plainText, places };
}

function excerpt(source, needles) {
  const spans = spansOf(source, needles), { text } = source, found = spans.map(([from, to]) => text.slice(from, to));
  let bestFrom = 0, bestCount = -1;
  for (let first = 0, last = 0; first < spans.length; first++) {
    const begin = spans[first][0];
    while (last < spans.length && spans[last][1] <= begin + EXCERPT_LENGTH) last++;
    const count = new Set(found.slice(first, last)).size * 10 + Math.min(9, Math.max(0, last - first));
    if (count > bestCount) { bestCount = count; bestFrom = begin; }
  }
  let from = bestFrom > 30 ? bestFrom - 30 : 0;
  if (from) { const space = text.slice(from, bestFrom).search(/\s/); from += space < 0 ? 0 : space + 1; }
  const to = Math.min(text.length, from + EXCERPT_LENGTH + 30);
  const parts = marked(new Text(text.slice(from, to).replace(/\s+/g, " ")), needles);
  if (from) parts[0] = `… ${parts[0]}`;
  if (to < text.length) parts[parts.length - 1] += " …";
  return parts;
}

// ---------------------------------------------------------------------------------------------- the search

class Search {
  constructor(base, fetcher) {
    this.base = base.endsWith("/") ? base : `${base}/`;
    this.fetcher = fetcher;
    this.files = new Map();
  }

  /** Load what every query needs; `search` does it by itself. */
  async open() {
    this.head ||= this.load("head.json").then(readHead);
    try { return await this.head; } catch (error) { this.head = undefined; throw error; }
  }

  async load(name) {
    const response = await this.fetcher(this.base + name);
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.json();
  }

  /** A shard, kept once it is here, asked for again where it failed. */
  shard(name, read) {
    if (!this.files.has(name)) {
      const file = this.load(name).then(read);
      file.catch(() => this.files.delete(name));
      this.files.set(name, file);
    }
    return this.files.get(name);
  }

  async search(query, { limit = 10, complete = false } = {}) {
    let index;
    try { index = await this.open(); } catch { return Object.assign([], { incomplete: true }); }
    const count = Math.max(0, Math.min(Math.floor(Number(limit)) || 0, 1000));
    const found = understand(index, String(query ?? ""));
    const scores = new Float32Array(index.titles.length);
    const state = { incomplete: false, requests: 0, complete, lists: [] };
    if (found.initials.length) addInitials(index, found.initials, scores);
    found.others = synonymsOf(index, found);
    const mass = await this.addTerms(index, found, scores, state);
    addTitles(index, [found, ...found.others], mass, scores);
    if (found.runs.length === 1 && found.content.length === 1 && !found.initials.length) {
      if (!addBeginnings(index, found.runs[0], scores)) addBeginnings(index, found.content[0], scores);
    }
    const docs = best(scores, count);
    const results = await this.present(index, docs, scores, found, state);
    return Object.assign(results, { incomplete: state.incomplete });
  }

  /** Add what the terms of the query say; the answer is how much they could have said. */
  async addTerms(index, found, scores, state) {
    const wanted = [...wishes(index, found).values()].sort((one, other) => other.gain - one.gain);
    const hits = new Float32Array(scores.length);
    // What no one knows may be nowhere: it leaves out no word that is known.
    const total = wanted.reduce((sum, { sure }) => sum + sure, 0);
    // What the portal's own synonyms say goes before what the language does.
    const unsaid = found.others.length ? 1 : WEIGHTS.unsaid;
    let mass = 0, rest = total;
    for (const wish of wanted) { wish.skip = wish.sure === wish.gain && rest < REST * total; rest -= wish.sure; }
    await Promise.all(wanted.map(async ({ file, read, terms, gain, skip }, order) => {
      if (skip || order >= SHARDS_AT_MOST) { mass += gain; return; }
      try {
        if (!this.files.has(file)) state.requests++;
        const lists = await this.shard(file, read);
        for (const { key, weight, guess, term } of terms) {
          const list = lists[key] || lists.get?.(key);
          // By what they promise, whichever file comes first; articles that only say a word alike have nothing to mark.
          if (list) (state.lists[order] ||= []).push({ term, docs: list.docs.filter((_, at) => list.impacts[at] >= ALIKE.length) });
          mass += list ? addList(list, weight, scores, hits, unsaid) : guess;
        }
      } catch { state.incomplete = true; mass += gain; }
    }));
    if (mass) for (let doc = 0; doc < scores.length; doc++) scores[doc] *= 1 + (WEIGHTS.together * hits[doc]) / mass;
    return mass;
  }

  async present(index, docs, scores, found, state) {
    const needles = needlesOf(found), shards = this.texts(index, docs, state);
    return Promise.all(docs.map(async (doc) => {
      const texts = await shards.get(index.textOf[doc]);
      const words = () => foundIn(doc, state.lists, needles);
      return {
        id: index.ids[doc], url: index.urls[doc], title: index.titles[doc], kind: index.kind(doc), lang: index.lang(doc),
        score: scores[doc], excerpt: texts ? excerpt(texts[doc - index.textFirst[index.textOf[doc]]], needles) : words(),
        marked: marked(index.shown[doc] ||= new Text(index.titles[doc]), needles),
      };
    }));
  }

  /** The shards that excerpts are cut from: what is here, the best result's, then those of most results, while files are few. */
  texts(index, docs, state) {
    const counts = new Map(), shards = new Map();
    for (const doc of docs) counts.set(index.textOf[doc], (counts.get(index.textOf[doc]) || 0) + 1);
    const [first, ...rest] = counts.keys();
    const order = first === undefined ? [] : [first, ...rest.sort((one, other) => counts.get(other) - counts.get(one))];
    for (const shard of order) {
      const file = `${index.texts[shard]}.json`, isHere = this.files.has(file);
      if (!isHere && !state.complete && state.requests >= (shards.size ? REQUESTS_AT_MOST - 1 : REQUESTS_AT_MOST)) continue;
      if (!isHere) state.requests++;
      shards.set(shard, this.shard(file, (texts) => texts.map((text) => new Text(text))).catch(() => { state.incomplete = true; }));
    }
    return shards;
  }
}

/** The words of a query that a document has, where its text is not here: as they were typed, if they were. */
function foundIn(doc, lists, needles) {
  const terms = new Set(lists.flat().filter(({ docs }) => has(docs, doc)).map(({ term }) => term));
  const typed = new Set([...terms].map((term) => needles.find((needle) => needle.term === term)?.text ?? term));
  const all = [...typed].filter((word) => ![...typed].some((other) => other !== word && other.includes(word)));
  return all.length ? [...all.flatMap((word, place) => [place ? " … " : "… ", word]), " …"] : [""];
}

/** Whether a sorted array holds a number. */
function has(docs, doc) {
  let low = 0, high = docs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (docs[middle] < doc) low = middle + 1; else high = middle;
  }
  return docs[low] === doc;
}

/** Which shards the terms of a query are in, and how much each of them promises. */
function wishes(index, found) {
  const wanted = new Map(), seen = new Set();
  // A synonym of a word that no article may have is all that is left of it.
  const isGuessed = found.pieces.some(({ term }) => term === undefined), other = isGuessed ? 1 : WEIGHTS.other;
  // Beside words that no article has, a digit says nothing.
  const says = (term) => !isGuessed || term.length > 1 || isDense(term);
  const wish = (term, file, read, key, weight, guess, isSure) => {
    if (!wanted.has(file)) wanted.set(file, { file, read, terms: [], gain: 0, sure: 0 });
    const wish = wanted.get(file), gain = weight === WEIGHTS.synonym ? guess * other : guess;
    wish.gain += gain;
    if (isSure) wish.sure += gain;
    wish.terms.push({ key, weight, guess, term });
  };
  const unknown = WEIGHTS.unknown * rarity(1, index.titles.length);
  const add = (term, weight) => {
    if (seen.has(term)) return true;
    const found = placeOf(index, term);
    if (!found) return false;
    seen.add(term);
    const shard = shardOf(index, found.place), [name, count] = index.shards[shard];
    const read = (text) => readShard(text, count, index.titles.length);
    const guess = weight * likelyRarity(found.rank, index.titles.length);
    wish(term, `${name}.json`, read, found.place - index.firsts[shard], weight, guess, true);
    return true;
  };
  const addRare = (term, weight, share = 1) => {
    if (seen.has(term)) return;
    seen.add(term);
    const hash = hashed(term), group = isHangul(term[0]) ? term.slice(0, 2) : term;
    const name = index.rare[hashed(group) % index.rare.length];
    const guess = share * weight * unknown * (term.length > 1 ? 1 : 0.5);
    wish(term, `${name}.json`, (text) => readRare(text, index.titles.length), hash >>> (32 - KEY_BITS), weight, guess);
  };
  for (const { term, text, rare, stems = [] } of found.pieces) {
    if (term === undefined) for (const form of [rare || text, ...stems]) addRare(form, 1, 1 / (1 + stems.length));
    else if (term && (says(term) || found.pieces.some((piece) => piece.term && says(piece.term)))) add(term, 1);
  }
  for (const { term, text, rare } of found.others.flatMap(({ pieces }) => pieces)) {
    if (term === undefined) addRare(rare || text, WEIGHTS.synonym);
    else if (term) add(term, WEIGHTS.synonym);
  }
  for (const { term, text } of found.pieces) {
    if (term === undefined && text.length > 2 && isHangul(text[0])) {
      if (!add(text.slice(0, 2), WEIGHTS.part)) addRare(text.slice(0, 2), WEIGHTS.part);
    }
    if (!term || !isDense(term) || index.grams) continue;
    for (let size = term.length - 1; size > 1; size--) if (add(term.slice(0, size), WEIGHTS.part)) break;
  }
  return wanted;
}

function needlesOf(found) {
  const needles = [found, ...found.others].flatMap(({ pieces }) => pieces).filter((piece) => piece.term !== "");
  return needles.flatMap(({ text, term, rare, spaced }) => [{ text, spaced, term: term || rare || text }, ...(term && term !== text ? [{ text: term, spaced }] : [])]);
}

function addList({ docs, impacts, own }, weight, scores, hits, unsaid) {
  const gain = weight * rarity(own + WEIGHTS.rest * (docs.length - own), scores.length);
  for (let at = 0; at < docs.length; at++) {
    const alike = ALIKE[impacts[at]] && ALIKE[impacts[at]] * (own ? 1 : unsaid);
    scores[docs[at]] += (gain * (alike ?? impacts[at])) / ((1 << IMPACT_BITS) - 1);
    hits[docs[at]] += alike === undefined ? gain : gain * WEIGHTS.alike;
  }
  return gain;
}

function shardOf(index, place) {
  let low = 0, high = index.firsts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (index.firsts[middle] <= place) low = middle; else high = middle - 1;
  }
  return low;
}

/**
 * The search of one portal; nothing is loaded until it is asked.
 * `open()` loads what every query needs and tells whether that worked; `forget()` drops the shards, not the head.
 */
export function openSearch(baseUrl, { fetch = globalThis.fetch.bind(globalThis) } = {}) {
  const search = new Search(String(baseUrl), fetch);
  return {
    search: (query, options) => search.search(query, options),
    open: () => search.open().then(() => true, () => false),
    forget: () => search.files.clear(),
  };
}
