// Which of several languages a reader is shown: the one chosen before, else what the browser speaks, else the default.
const KEY = "haedap.language";
const first = (tag) => tag.split("-")[0].toLowerCase();
const script = (tag) => { try { return new Intl.Locale(tag).maximize().script; } catch { return ""; } };

// The language itself, else one of the same script (zh-HK reads zh-TW), else another of the same name.
const find = (tag, ours) => ours.find((code) => code.toLowerCase() === tag.toLowerCase())
  ?? ours.find((code) => first(code) === first(tag) && script(code) === script(tag))
  ?? ours.find((code) => first(code) === first(tag));

const stored = () => { try { return localStorage.getItem(KEY); } catch { return null; /* storage is off */ } };

export const choose = (ours, fallback) =>
  [stored(), ...(navigator.languages ?? [])].filter(Boolean).map((tag) => find(tag, ours)).find(Boolean) ?? fallback;

export const remember = (code) => { try { localStorage.setItem(KEY, code); } catch { /* storage is off */ } };
