/* Search, what every page loads of it: opens the box and fetches the rest once it is wanted. */
export const box = document.querySelector(".search");
const input = box?.querySelector("input");
const dialog = box?.closest("dialog");
const opener = document.querySelector(".search-open");
const base = new URL(box?.dataset.search ?? ".", location);

// The engine: in a worker, or on this thread where workers cannot import modules.
const far = () => new Promise((ready, failed) => {
  const worker = new Worker(new URL("search-worker.js", import.meta.url), { type: "module" });
  const waiting = new Map();
  let last = 0;
  worker.onerror = failed;
  worker.onmessage = ({ data }) => {
    if (data.failed) failed();
    else if (data.ready) ready((query, limit) => new Promise((done) => { waiting.set(++last, done); worker.postMessage({ id: last, query, limit }); }));
    else { waiting.get(data.id)(data); waiting.delete(data.id); }
  };
  worker.postMessage({ base: base.href });
});
const near = async () => {
  const engine = (await import(new URL("search.js", base))).openSearch(base.href);
  return async (query, limit) => {
    const results = await engine.search(query, { limit });
    return { results, incomplete: results.incomplete };
  };
};
let engine;
const warm = () => (engine ||= far().catch(near).catch((fault) => { engine = null; throw fault; }));

/** {results, incomplete} of a query; rejects without an engine, and the next question tries again. */
export const ask = async (query, limit) => (await warm())(query, limit);

let drawn;
const load = () => {
  warm().catch(() => {});
  drawn ||= import("./search-box.js").catch(() => { drawn = null; });
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
  for (const wish of ["pointerenter", "focusin"]) (opener || box).addEventListener(wish, load, { once: true });
  addEventListener("keydown", (event) => {
    const withKey = event.ctrlKey || event.metaKey;
    if (!(withKey ? /^[kㅏ]$/ : /^\/$/).test(event.key) || event.altKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open();
  });

  // ?q= opens with results; where one can write to us, it is what the inquiry begins with.
  const query = new URLSearchParams(location.search).get("q");
  const forms = document.querySelectorAll(".forms a");
  if (query && forms.length) forms.forEach((link) => { link.search = location.search; });
  else if (query && !document.querySelector("[data-form]")) {
    input.value = query.slice(0, 200);
    if (dialog) open(); else load();
  }
}
