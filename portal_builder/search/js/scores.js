// Owns how well an article answers: postings, rarity, titles, initial consonants, beginnings of words.

import { keysOf, initialsOf } from "./letters.js";
import { Bits } from "./bits.js";
import { CLASS_SEEN } from "./lexicon.js";
import { TITLE_K1, TITLE_B, grams } from "./titles.js";
import { split } from "./query.js";

/** What counts how much: title letters beside terms, all of them and those of the words that tell something, guesses for unknown words, parts of words, synonyms; other words as a hit, as having the word, and where no article has the word itself. */
export const WEIGHTS = { letters: 0.3, whole: 0.25, least: 0.2, unknown: 0.8, length: 0.12, part: 0.25, synonym: 0.8, other: 0.2, alike: 0.4, unsaid: 2, rest: 0.5, together: 0.5, inside: 0.3 };

export const IMPACT_BITS = 4, KEY_BITS = 16;
/** What the lowest impacts count for: not this word, but one that means the same. */
export const ALIKE = [1.6, 2.8, 4.4];

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
export function readShard(text, count, documents) {
  const bits = new Bits(text);
  return Array.from({ length: count }, () => readPostings(bits, documents));
}

/** The postings of rare terms by the beginnings of their hashes. */
export function readRare(text, documents) {
  const bits = new Bits(text), lists = new Map();
  for (let left = bits.gamma() - 1; left > 0; left--) lists.set(bits.number(KEY_BITS), readPostings(bits, documents));
  return lists;
}

export const rarity = (count, documents) => Math.log(1 + (documents - count + 0.5) / (count + 0.5));
export const likelyRarity = (rank, documents) => rarity(Math.min(CLASS_SEEN[rank], documents / 2), documents);

/** Add how well titles match the letters of what was typed, or of another way to say it. */
export function addTitles(index, ways, mass, scores) {
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
export function addInitials(index, queries, scores) {
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
export function addBeginnings(index, word, scores) {
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
export function joined(texts) {
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

export function best(scores, limit) {
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
