// Owns the sentence that is shown, and the marks in it.

import { normal, isDense } from "./letters.js";

const EXCERPT_LENGTH = 120;

/** A text to cut; its normal form is made once. */
export class Text {
  constructor(text) { this.text = text; }
  get aligned() { return (this.form ||= aligned(this.text)); }
}

/** Cut a text where a pattern matches: unmarked and marked by turns. */
export function marked(source, needles) {
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

export function excerpt(source, needles) {
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
