// Owns which pieces the letters of a run may stand for, and what each costs, as lexicon.py has them.

import { isSyllable } from "./letters.js";
import { hashed, SET_BITS, words } from "./bits.js";

export const CLASS_COSTS = [13, 12, 12, 11, 11, 10, 10, 10, 10], CLASS_SEEN = [1, 2, 3, 6, 13, 32, 80, 190, 450];
const SHORT_COST = 6, SHORT_HAN_COST = 3, IDLE_COST = 8;
const TAIL_COST = 5, SHORT_TAIL_COST = 6, LETTER_TAIL_COST = 9;
export const UNKNOWN_COST = 20, UNKNOWN_LETTER_COST = 6.5, UNKNOWN_HAN_COST = 17, LONELY_COST = 8;
const LIGHT = "할한해된될돼함됨";
const PARTICLES = "은는이가을를의에도로와과만고のはがをにへとでもや的了";
export const LONGEST_PIECE = 12;

/** The class of a term and where its postings are; none where the head does not name it. */
export function placeOf(index, term, hash = hashed(term)) {
  for (let rank = index.sets.length - 1; rank >= 0; rank--) {
    const { values, starts, first, shift } = index.sets[rank], value = hash >>> shift, upper = value >>> SET_BITS;
    for (let at = starts[upper]; at < starts[upper + 1]; at++) if (values[at] === value) return { rank, place: first + at };
  }
  return undefined;
}

/** What the letters of a run may stand for: words of the language, or stems of the portal. */
export function readPieces(index, head) {
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
export const isHangul = (letter) => isSyllable(letter) || (letter >= "ㄱ" && letter <= "ㆎ");
const shortCost = (text) => (text.length > 1 ? 0 : isHangul(text) ? SHORT_COST : SHORT_HAN_COST);
