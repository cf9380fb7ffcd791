// Owns what a query means: its runs, the pieces they fall into, what else each may stand for.

import { RUN_LONGEST, INITIALS, KEYS, TO_LATIN, normal, runs, isDense, isSyllable, keysOf, composed } from "./letters.js";
import { stem } from "./stems.js";
import { uninflected } from "./inflected.js";
import { crcOf } from "./bits.js";
import { UNKNOWN_COST, UNKNOWN_LETTER_COST, UNKNOWN_HAN_COST, LONELY_COST, LONGEST_PIECE, placeOf, isHangul } from "./lexicon.js";
import { grams } from "./titles.js";

const QUERY_LONGEST = 200;
const RUNS_AT_MOST = 24;
const SPLITS_AT_MOST = 5000;
const SYNONYMS_AT_MOST = 6;

/** The pieces of a dense run, kept: the same runs come with every letter that is typed. */
export function split(index, run) {
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

const gramPiece = (index, text) => ({ text, term: placeOf(index, text) ? text : undefined });

export function understand(index, query) {
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
export function synonymsOf(index, found) {
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

/** The terms of a run that is not dense; `spaced_terms` of words.py. */
export function spacedTerms(run) {
  const bare = run.normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  let parts = bare.match(/[\p{Alpha}\p{N}]+/gu) || [];
  if (parts.length === 2 && /['’]/.test(bare) && parts[1].length <= 2) parts = parts.slice(0, 1);
  const terms = parts.map(stem);
  return parts.length > 1 ? [...terms, parts.join("").slice(0, RUN_LONGEST)] : terms;
}
