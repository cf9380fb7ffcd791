/* Search, what every page loads of it: opens the box and fetches the rest once it is wanted. */
export const box = document.querySelector(".search");
const input = box?.querySelector("input");
const dialog = box?.closest("dialog");
const opener = document.querySelector(".search-open");
export const base = new URL(box?.dataset.search ?? ".", location);

// The engine: in a worker, or on this thread where workers cannot import modules or one has crashed.
const PATIENCE = 15000;
const far = () => new Promise((ready, failed) => {
  const worker = new Worker(new URL("search-worker.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  const crash = () => {
    worker.terminate();
    failed();
    for (const { lost } of waiting.values()) lost();
    waiting.clear();
  };
  worker.onerror = worker.onmessageerror = crash;
  worker.onmessage = ({ data }) => {
    if (data.failed) crash();
    else if (data.ready) ready((query, limit, complete) => new Promise((done, lost) => {
      waiting.set(++last, { done, lost });
      setTimeout((id) => { if (waiting.has(id)) crash(); }, PATIENCE, last); // a worker that is killed says nothing
      worker.postMessage({ id: last, query, limit, complete });
    }));
    else { waiting.get(data.id)?.done(data); waiting.delete(data.id); }
  };
  worker.postMessage({ base: base.href });
});
const near = async () => {
  const engine = (await import(new URL("search.js", base))).openSearch(base.href);
  return async (query, limit, complete) => {
    const results = await engine.search(query, { limit, complete });
    return { results, incomplete: results.incomplete };
  };
};
let engine, hasCrashed = false;
const warm = () => (engine ||= (hasCrashed ? near() : far().catch(near)).catch((fault) => { engine = null; throw fault; }));

/** {results, incomplete} of a query, with every excerpt if it shall be complete; rejects without an engine, and the next
 *  question tries again. */
export const ask = async (query, limit, complete) => {
  const search = await warm();
  try { return await search(query, limit, complete); } catch (fault) { engine = null; hasCrashed = true; throw fault; }
};

/** A word with a count in it: its forms by plural category, as JSON. */
export const counted = (forms, count) => {
  const all = JSON.parse(forms);
  return (all[new Intl.PluralRules(document.documentElement.lang || undefined).select(count)] || all.other).replace("{count}", count);
};

// WCAG 2.1.4: a shortcut of one letter can be switched off; kept on this device.
const SLASH = "haedap.slash";
export const slash = (isOn) => {
  try {
    if (isOn !== undefined) isOn ? localStorage.removeItem(SLASH) : localStorage.setItem(SLASH, "off");
    return localStorage.getItem(SLASH) !== "off";
  } catch { return true; }
};
const sayShortcuts = () => {
  const button = opener?.firstElementChild, key = button?.querySelector("kbd");
  if (key) key.hidden = !slash();
  button?.setAttribute("aria-keyshortcuts", `${slash() ? "/ " : ""}Control+K Meta+K`);
};

// What is shown below the box: it stands in the page, or on the portal's page of the search.
const panel = async () => {
  if (box.querySelector(".search-panel")) return;
  const address = new URL("../all/search/", base), answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".search-panel");
  for (const link of found.querySelectorAll("a")) link.href = new URL(link.getAttribute("href"), address);
  box.querySelector("form").after(found);
};
const code = new URL("search-box.js", import.meta.url);
let drawn;
const load = () => {
  if (base.origin !== location.origin) return;
  warm().catch(() => {});
  if (!drawn) document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href: code }));
  drawn ||= panel().then(() => import(code)).catch(() => { drawn = null; });
};
const open = () => {
  if (base.origin !== location.origin) return location.assign(input.form.action); // a bridge on another host
  if (dialog && !dialog.open) dialog.showModal();
  input.focus();
  input.select();
  load();
};

if (box) {
  opener?.addEventListener("submit", (event) => { event.preventDefault(); open(); });
  opener?.firstElementChild.setAttribute("aria-haspopup", "dialog");
  sayShortcuts();
  box.addEventListener("change", (event) => { if (event.target.name === "slash") { slash(event.target.checked); sayShortcuts(); } });
  for (const wish of ["pointerenter", "focusin"]) (opener || box).addEventListener(wish, load, { once: true });
  addEventListener("keydown", (event) => {
    const withKey = event.ctrlKey || event.metaKey;
    if (!(withKey ? /^[kㅏ]$/.test(event.key) : event.key === "/" && slash()) || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")?.getClientRects().length) return;
    event.preventDefault();
    open();
  });

  // ?q= opens with results; where one can write to us, it is what the inquiry begins with.
  const query = new URLSearchParams(location.search).get("q");
  const forms = document.querySelectorAll("[data-inquiries] a");
  if (query && forms.length) forms.forEach((link) => { link.search = location.search; });
  else if (query && !document.querySelector("[data-form]")) {
    input.value = query.slice(0, 200);
    if (dialog) open(); else load();
  }
}
