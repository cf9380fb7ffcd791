// Owns English words and their stems. A portal of another language has rules of its own in this place: client.py.

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
