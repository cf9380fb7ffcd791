// Owns the head of an index: all that is known before a query comes.

import { normal, runs } from "./letters.js";
import { readTexts, readFront, readSet, words } from "./bits.js";
import { readPieces } from "./lexicon.js";
import { titleGrams } from "./titles.js";
import { understand } from "./query.js";

const VERSION = 2;

/** Everything the head says, ready to be asked. */
export function readHead(head) {
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
