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

import { isDense } from "./letters.js";
import { hashed, words } from "./bits.js";
import { placeOf, isHangul } from "./lexicon.js";
import { understand, synonymsOf } from "./query.js";
import { readHead } from "./head.js";
import {
  WEIGHTS, IMPACT_BITS, KEY_BITS, ALIKE, readShard, readRare, rarity, likelyRarity, addTitles, addInitials,
  addBeginnings, best,
} from "./scores.js";
import { Text, marked, excerpt } from "./excerpts.js";

const SHARDS_AT_MOST = 4;
const REQUESTS_AT_MOST = 4;
/** Shards that promise less than this share of the whole query are not loaded. */
const REST = 0.15;

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
