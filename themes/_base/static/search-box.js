/* The search box: results as one types. What comes from a query or an article is set as text. */
import { ask, base, box, counted, slash } from "./search-start.js";

const find = (selector, from = box) => from.querySelector(selector);
const input = find("input"), clear = find("[type=reset]"), panel = find(".search-panel"), list = find("[role=listbox]"), status = find("[role=status]");
const { none, count, forget, limit } = panel.dataset;
const dialog = box.closest("dialog");
const root = new URL("../", base);
const fill = (text, value) => text.replace(/\{\w+\}/, () => value);
const set = (element, attributes) => {
  for (const name in attributes) element.setAttribute(name, attributes[name]);
};
const make = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  set(made, attributes);
  made.append(...children);
  return made;
};
const stored = (storage, key, value) => {
  try {
    if (value === undefined) return JSON.parse(window[storage].getItem(key));
    window[storage].setItem(key, JSON.stringify(value));
  } catch { /* storage is off */ }
};
const typed = () => input.value.trim();
const isIndex = new URL(input.form.action).pathname === location.pathname;
let options = [], active = -1, turn = 0, last = 0, timer, settling, missed = "";

// What was searched for: in the address for the way back, and on this device.
const keep = (query) => {
  const url = new URL(location);
  if (query) url.searchParams.set("q", query); else url.searchParams.delete("q");
  try { if (url.href !== location.href) history.replaceState(null, "", url); } catch { /* too often */ }
};
const recent = (value) => {
  const kept = stored("localStorage", "haedap.searches", value);
  return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
};
const remember = () => { if (typed()) recent([typed(), ...recent().filter((one) => one !== typed())].slice(0, 6)); };
const misses = (value) => stored("sessionStorage", "haedap.misses", value) || 0;

const floats = () => getComputedStyle(panel).position === "absolute";
const show = (...parts) => {
  for (const part of panel.querySelectorAll("[data-part]")) part.hidden = !parts.includes(part.dataset.part);
  panel.hidden = !parts.length;
  panel.tabIndex = panel.scrollHeight > panel.clientHeight ? 0 : -1; // what scrolls can be reached by keyboard
  input.setAttribute("aria-expanded", Boolean(parts.length && options.length));
};
// Said and kept once one stops typing; then the excerpts whose texts were not here are fetched.
const settle = (text, query, then) => {
  clearTimeout(settling);
  settling = setTimeout(() => { status.textContent = text; if (!dialog) keep(query); then?.(); }, 500);
};
const choose = (place) => {
  options[active]?.setAttribute("aria-selected", false);
  active = place;
  const option = options[place];
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", true);
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
};
const marked = (parts) => parts.map((text, place) => (place % 2 ? make("mark", {}, text) : text));
const empty = () => { choose(-1); options = []; list.replaceChildren(); };

const draw = (results) => {
  empty();
  const groups = new Map();
  for (const result of results) groups.set(result.kind, [...(groups.get(result.kind) || []), result]);
  for (const [kind, some] of groups) {
    const name = panel.getAttribute(`data-kind-${kind}`) || "";
    const group = make("div", { role: "group", "aria-label": name }, make("p", { "aria-hidden": true }, name));
    for (const { url, title, lang, marked: parts, excerpt } of some) {
      const option = make("a", { role: "option", "aria-selected": false, tabindex: -1, id: `search-${options.length}`, href: new URL(url, root) },
        make("span", {}, ...marked(parts || [title])), make("small", {}, ...marked(excerpt)));
      if (lang) option.lang = option.hreflang = lang;
      options.push(option);
      group.append(option);
    }
    list.append(group);
  }
};

const complete = async (query, mine) => {
  try {
    const { results } = await ask(query, Number(limit), true);
    if (mine !== turn) return;
    for (const { url, excerpt } of results) {
      const option = options.find(({ href }) => href === new URL(url, root).href);
      if (option) find("small", option).replaceChildren(...marked(excerpt));
    }
  } catch { /* the words found stay */ }
};

const idle = () => {
  turn++;
  empty();
  settle("");
  const kept = recent(), section = find("[data-part=recent]");
  find("ul", section).replaceChildren(...kept.map((query) => {
    const item = find("template", section).content.cloneNode(true);
    const [again, remove] = item.querySelectorAll("button");
    find("span:last-child", again).textContent = query;
    remove.setAttribute("aria-label", fill(forget, query));
    again.onclick = () => { input.value = query; input.focus(); changed(0); };
    remove.onclick = () => { recent(recent().filter((one) => one !== query)); idle(); (find("ul .search-icon", section) || input).focus(); };
    return item;
  }));
  show(...(kept.length ? ["recent"] : []), ...(dialog ? ["topics", "keys"] : []));
};

const nothing = (query) => {
  find("[data-part=none] strong").textContent = fill(none, query);
  const asking = find("[data-part=ask]"), topics = find("[data-part=topics]");
  find("a", asking).search = new URLSearchParams({ q: query });
  if (misses() > 1) topics.before(asking); else topics.after(asking);
};

const run = async () => {
  const query = typed(), mine = ++turn;
  if (!query) return idle();
  const late = setTimeout(() => { if (mine === turn) { show("busy"); settle(find("[data-part=busy]").textContent, query); } }, 500);
  panel.setAttribute("aria-busy", true);
  let results = [], incomplete = true;
  try { ({ results, incomplete } = await ask(query, Number(limit))); } catch { /* said below */ }
  clearTimeout(late);
  // While one still types, the last results are better than none.
  if (!results.length && !incomplete) await new Promise((done) => { setTimeout(done, 250); });
  if (mine !== turn) return;
  panel.removeAttribute("aria-busy");
  const wasHidden = panel.hidden;
  draw(results);
  nothing(query);
  if (results.length) show("results", ...(incomplete ? ["missing"] : []));
  else show(...(incomplete ? ["failed", "ask"] : ["none", "topics", "ask"]));
  panel.scrollTop = 0;
  if (wasHidden && !dialog && !floats() && input === document.activeElement) input.form.scrollIntoView();
  settle(results.length ? counted(count, results.length) : find(`[data-part=${incomplete ? "failed" : "none"}] p`).textContent, query,
    results.length && !incomplete ? () => complete(query, mine) : undefined);
  if (!results.length && !incomplete) {
    timer = setTimeout(() => {
      if (!missed || !(query.startsWith(missed) || missed.startsWith(query))) misses(misses() + 1);
      missed = query;
      nothing(query);
    }, 900);
  }
};

// At once, unless letters come faster than a hand types: an input method may send several for one.
const changed = (wait) => {
  if (wait) { const isFast = performance.now() - last < wait; last = performance.now(); if (!isFast) wait = 0; }
  clearTimeout(timer);
  clear.hidden = !input.value;
  choose(-1);
  timer = wait >= 0 && setTimeout(run, wait);
};

const escape = () => {
  if (dialog) return dialog.close();
  if (panel.hidden) input.value = "";
  changed();
  turn++;
  show();
  settle("", typed());
  input.focus();
};
box.addEventListener("keydown", (event) => {
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key], isInput = event.target === input;
  if (event.isComposing) return;
  if (event.key === "Escape") escape();
  else if (way && isInput && options.length && !panel.hidden) choose((active + way + options.length + 2) % (options.length + 1) - 1);
  else if (way) {
    if (panel.hidden) run();
    const stops = [input, ...panel.querySelectorAll("a, button")].filter((stop) => stop.tabIndex >= 0 && stop.offsetParent);
    stops[(stops.indexOf(event.target) + way + stops.length) % stops.length]?.focus();
  } else if (event.key === "Enter" && isInput && options[active]) options[active].click();
  else return;
  event.preventDefault();
});
input.addEventListener("input", () => changed(80));
input.addEventListener("focus", () => { if (panel.hidden) run(); });
input.form.addEventListener("reset", (event) => { event.preventDefault(); input.value = ""; changed(0); input.focus(); });
input.form.addEventListener("submit", (event) => {
  if (typed() && !isIndex) return; // the index of all articles shows what it finds
  event.preventDefault();
  remember();
  input.blur();
  changed(0);
});
panel.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (link && typed()) { remember(); keep(typed()); }
  if (options.includes(link)) misses(0);
  if (event.target.closest("[data-retry]")) { input.focus(); changed(0); }
  if (event.target.closest(".search-all")) { recent([]); idle(); input.focus(); }
});
if (dialog) {
  find("[name=slash]").checked = slash();
  find(".search-close").onclick = () => dialog.close();
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => keep(""));
  // Results scroll in what the keyboard leaves of the screen.
  visualViewport?.addEventListener("resize", () => dialog.style.setProperty("--seen", `${visualViewport.height * visualViewport.scale}px`));
} else {
  const leave = (to) => { if (floats() && to && !box.contains(to)) show(); };
  addEventListener("pointerdown", (event) => leave(event.target));
  box.addEventListener("focusout", (event) => leave(event.relatedTarget));
}

set(input, { role: "combobox", "aria-expanded": false, "aria-controls": "search-list", "aria-autocomplete": "list" });
clear.hidden = !input.value;
if (isIndex) remember();
if (input.value || document.activeElement === input) run();
