/* The inquiry form: shows what applies, sends with progress, keeps everything when sending fails.
   Without this file the form is a plain POST. All words come from data-* attributes or from the bridge. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-form]");
  if (!form) return;
  const here = document.currentScript.src;
  const words = form.dataset;
  const action = form.getAttribute("action"); // form.action could be a field of that name
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const rules = new Intl.PluralRules(document.documentElement.lang || undefined);
  const counted = (forms, values) => { // the forms of a word by plural category, as JSON
    const all = JSON.parse(forms);
    return fill(all[rules.select(values.count)] || all.other, values);
  };
  const button = form.querySelector("[type=submit]");
  const bar = form.querySelector(".progress");
  const status = form.querySelector(".status");
  const errors = document.getElementById("errors");
  const fields = [...form.querySelectorAll("[data-field]")];
  const title = document.title;
  const sendWord = button.textContent;
  const box = (name) => fields.find((field) => field.dataset.field === name);

  const element = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  };

  // ---- What we remember until it is sent, a day at most: the key and the message, in this tab only -----------------
  const DAY = 864e5;
  const DRAFTS = "haedap.form.drafts"; // "off" where somebody wants none
  const store = {
    name: (key) => `haedap.form.${action}.${key}`,
    get(key) {
      try {
        const kept = JSON.parse(sessionStorage.getItem(this.name(key)));
        if (kept && Date.now() - kept.at < DAY) return kept.value;
        this.drop(key);
      } catch { /* off, or not ours */ }
      return null;
    },
    set(key, value) { try { sessionStorage.setItem(this.name(key), JSON.stringify({ at: Date.now(), value })); } catch { /* full or off */ } },
    drop(key) { try { sessionStorage.removeItem(this.name(key)); } catch { /* off */ } },
  };
  const drafts = {
    get on() { try { return localStorage.getItem(DRAFTS) !== "off"; } catch { return true; } },
    set on(wanted) { try { if (wanted) localStorage.removeItem(DRAFTS); else localStorage.setItem(DRAFTS, "off"); } catch { /* off */ } },
  };
  const newKey = () => crypto.randomUUID ? crypto.randomUUID()
    : [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");

  const key = form.elements._key;
  key.value = key.value || store.get("key") || newKey();
  store.set("key", key.value);

  const page = form.elements._page;
  const from = new URLSearchParams(location.search).get("from");
  page.value = page.value || from || document.referrer;

  // Names, addresses, numbers and files are never kept: the tab may be somebody else's computer.
  const texts = [...form.querySelectorAll("textarea")];
  const keep = (text) => { if (drafts.on && text.value) store.set(text.name, text.value); else store.drop(text.name); };
  texts.forEach((text) => {
    if (!text.value && drafts.on) text.value = store.get(text.name) || "";
    text.addEventListener("input", () => keep(text));
  });
  if (texts.length) {
    const said = element("span", {});
    const toggle = element("button", { type: "button", class: "as-link" });
    const say = () => {
      said.textContent = drafts.on ? words.draft : words.draftOff;
      toggle.textContent = drafts.on ? words.draftStop : words.draftStart;
    };
    toggle.addEventListener("click", () => { drafts.on = !drafts.on; texts.forEach(keep); say(); });
    say();
    texts.at(-1).after(element("p", { class: "hint draft" }, said, " ", toggle));
  }
  // What was searched for without finding an answer begins the inquiry.
  const asked = new URLSearchParams(location.search).get("q");
  const about = form.elements.subject || form.elements.message;
  if (asked && about && !about.value && /^text/.test(about.type)) about.value = asked.slice(0, 100);
  const forget = () => ["key", ...texts.map((text) => text.name)].forEach((name) => store.drop(name));

  // ---- Fields and suggestions that depend on an answer -------------------------------------------------------------
  const chosen = (name) => [...form.elements]
    .filter((e) => e.name === name && !e.disabled && (!["radio", "checkbox"].includes(e.type) || e.checked))
    .map((e) => e.value);

  const show = (part, visible) => {
    part.hidden = !visible;
    part.querySelectorAll("input, select, textarea").forEach((control) => { control.disabled = !visible; });
  };
  const refresh = () => {
    fields.filter((field) => field.dataset.showField).forEach((field) => {
      const wanted = field.dataset.showValues.split("|");
      show(field, chosen(field.dataset.showField).some((value) => wanted.includes(value)));
    });
    form.querySelectorAll(".suggest-here").forEach((suggest) => {
      const items = [...suggest.querySelectorAll("[data-when]")];
      items.forEach((item) => {
        const [name, ...value] = item.dataset.when.split("=");
        item.hidden = !chosen(name).includes(value.join("="));
      });
      suggest.classList.toggle("none", items.every((item) => item.hidden));
    });
  };
  form.addEventListener("change", refresh);
  refresh();

  // ---- Length of a message: said only when it gets close -----------------------------------------------------------
  form.querySelectorAll("[data-max-length]").forEach((text) => {
    const note = element("p", { class: "hint count-left", role: "status" });
    text.after(note);
    const max = Number(text.dataset.maxLength);
    const say = () => {
      const left = max - [...text.value].length;
      note.textContent = left > max * 0.1 ? "" : counted(left < 0 ? words.lengthOver : words.lengthLeft, { count: Math.abs(left) });
      note.classList.toggle("over", left < 0);
    };
    text.addEventListener("input", say);
    say();
  });

  // ---- Faults: the same summary and the same words as the bridge draws ---------------------------------------------
  const icon = () => document.getElementById("error-icon").content.cloneNode(true);
  const clear = (field) => {
    field.classList.remove("wrong");
    field.querySelectorAll(".error").forEach((error) => error.remove());
    field.querySelectorAll("[aria-invalid]").forEach((control) => control.removeAttribute("aria-invalid"));
    const id = `f-${field.dataset.field}-error`;
    field.querySelectorAll("[aria-describedby]").forEach((control) => {
      const ids = control.getAttribute("aria-describedby").split(" ").filter((one) => one !== id);
      if (ids.length) control.setAttribute("aria-describedby", ids.join(" ")); else control.removeAttribute("aria-describedby");
    });
  };
  const mark = (field, message) => {
    clear(field);
    const id = `f-${field.dataset.field}-error`;
    const error = element("p", { class: "error", id }, icon(), element("span", {}, message));
    const group = field.querySelector("fieldset");
    const control = field.querySelector("input:not([type=hidden]), select, textarea");
    const place = group ? group.querySelector(".choices") : field.querySelector(".kept") || control.closest(".choice, .select") || control;
    place.before(error);
    field.classList.add("wrong");
    const target = group || control;
    target.setAttribute("aria-describedby", [target.getAttribute("aria-describedby"), id].filter(Boolean).join(" "));
    (group ? field.querySelectorAll(".choices input") : [control]).forEach((one) => one.setAttribute("aria-invalid", "true"));
  };
  const summarise = (heading, items) => {
    errors.replaceChildren();
    if (!heading) { document.title = title; return; }
    const summary = element("div", { class: "error-summary", id: "error-summary", role: "alert", tabindex: "-1" }, element("h2", {}, heading));
    if (items.length) summary.append(element("ul", {}, ...items.map((fault) =>
      element("li", {}, box(fault.field) ? element("a", { href: `#f-${fault.field}` }, fault.message) : fault.message))));
    errors.append(summary);
    document.title = `${words.errorPrefix}: ${title.replace(`${words.errorPrefix}: `, "")}`;
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  };
  const showFaults = (faults) => {
    fields.forEach(clear);
    faults.forEach((fault) => { const field = box(fault.field); if (field && !field.classList.contains("wrong")) mark(field, fault.message); });
    summarise(words.errorSummary, faults);
  };
  // A link of the summary goes to the first thing one can fill in.
  errors.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const field = link && box(link.hash.slice(3));
    const control = field && field.querySelector("input:not([type=hidden]), select, textarea");
    if (!control) return;
    event.preventDefault();
    field.scrollIntoView({ block: "start" });
    control.focus({ preventScroll: true });
  });

  // ---- Files: a list one can take files out of again, checked before anything is sent ------------------------------
  const MEGABYTE = 1e6; // as the bridge counts
  const short = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });
  const sizeOf = (bytes) => { // as the bridge writes it
    const thousands = Math.max(1, Math.round(bytes / 1e3));
    return thousands < 1e3 ? `${thousands} kB` : `${short.format(bytes / MEGABYTE)} MB`;
  };

  const faultOf = (input) => {
    // `image/*` only makes phones offer the camera beside the gallery; endings are what is taken.
    const types = (input.accept || "").toLowerCase().split(",").filter((type) => type.startsWith("."));
    const fieldBox = input.closest("[data-field]");
    const kept = fieldBox.querySelectorAll("[name$='.drop']:not(:checked)").length;
    const max = Number(input.dataset.maxFiles) || Infinity;
    const count = input.files.length + kept;
    if (count > max) return counted(words.fileTooMany, { label: input.dataset.label, max, count });
    for (const { name, size } of input.files) {
      if (types.length && !types.some((type) => name.toLowerCase().endsWith(type))) return fill(words.fileWrongType, { name, accept: types.map((type) => type.replace(".", "")).join(", ") });
      if (!size) return fill(words.fileEmpty, { name });
      if (size > Number(input.dataset.maxMb) * MEGABYTE) return fill(words.fileTooBig, { name, max: input.dataset.maxMb });
    }
    return null;
  };
  const drawFiles = (input) => {
    const list = input.parentElement.querySelector(".files.chosen");
    list.hidden = !input.files.length;
    list.replaceChildren(...[...input.files].map((file, index) => {
      const remove = element("button", { type: "button", class: "remove", "aria-label": fill(words.fileRemove, { name: file.name }) }, "×");
      remove.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].forEach((other, at) => at !== index && rest.items.add(other));
        input.files = rest.files;
        checkFiles(input);
        input.focus();
      });
      return element("li", {}, element("span", { class: "file-name" }, file.name), element("span", { class: "file-size" }, sizeOf(file.size)), remove);
    }));
  };
  const checkFiles = (input) => {
    const message = faultOf(input);
    const field = input.closest("[data-field]");
    if (message) mark(field, message); else clear(field);
    drawFiles(input);
    return message && { field: field.dataset.field, message };
  };
  const inputs = [...form.querySelectorAll("input[type=file]")];
  inputs.forEach((input) => {
    // Choosing again adds to what is there: on phones people pick photos one by one.
    let before = [];
    input.addEventListener("click", () => { before = [...input.files]; });
    input.addEventListener("change", () => {
      if (input.multiple && input.files.length) {
        const sum = new DataTransfer();
        const seen = new Set();
        [...before, ...input.files].forEach((file) => {
          const mark = `${file.name} ${file.size} ${file.lastModified}`;
          if (!seen.has(mark)) { seen.add(mark); sum.items.add(file); }
        });
        input.files = sum.files;
      }
      checkFiles(input);
    });
    drawFiles(input);
  });

  // ---- Beginning: the bridge signs when that was. Nothing is asked of it before somebody touches the form ----------
  const FRESH = DAY / 2;
  const FRESH_PROOF = 4.8e5; // the bridge forgets the task after ten minutes
  let opening = null;

  const open = () => {
    if (opening) return opening;
    const at = performance.now();
    opening = fetch(`${action}/token`, { headers: { Accept: "application/json" }, cache: "no-store" })
      .then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); })
      .then((given) => {
        const promise = form.querySelector(".promise span:last-child");
        if (promise && given.promise) promise.textContent = given.promise;
        return { ...given, at };
      });
    opening.catch(() => { opening = null; }); // asked again when the form is sent
    return opening;
  };
  form.addEventListener("focusin", () => open().catch(() => {}), { once: true });

  const rest = (time) => new Promise((done) => { setTimeout(done, time); });
  const solve = async (task) => {
    if (!task || !globalThis.crypto?.subtle) return "";
    return (await import(new URL("proof.js", here))).solve(task);
  };
  /* What goes with the answers: a token that is old enough for a person and young enough for the bridge. */
  const ready = async () => {
    let given = await open();
    if (performance.now() - given.at > (given.proof ? FRESH_PROOF : FRESH)) {
      opening = null;
      given = await open();
    }
    const proof = await solve(given.proof);
    await rest(given.at + given.wait * 1000 + 300 - performance.now());
    return { _token: given.token, _proof: proof };
  };

  // ---- Sending -----------------------------------------------------------------------------------------------------
  const STALL = 90000; // no progress for this long counts as a lost connection; the key makes sending again harmless
  let busy = false;

  const settle = (label) => {
    busy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    bar.hidden = true;
    status.textContent = "";
    form.removeAttribute("aria-busy");
  };
  const progress = (share) => {
    const percent = Math.min(100, Math.round(share * 100));
    bar.firstElementChild.value = percent;
    status.textContent = percent < 100 ? fill(words.sending, { percent: Math.floor(percent / 10) * 10 }) : words.sendingLast;
  };
  const parse = (text) => { try { return JSON.parse(text); } catch { return {}; } };

  const answered = (request) => {
    const answer = parse(request.responseText);
    if (request.status >= 200 && request.status < 300 && answer.url) {
      forget();
      opening = null;
      key.value = newKey(); // whoever comes back to this page writes another inquiry
      location.assign(answer.url);
    } else if (request.status === 422 && answer.faults) {
      settle(sendWord);
      showFaults(answer.faults);
    } else {
      settle(words.retry);
      summarise(answer.error || words.failed, []);
    }
  };
  let wasLost = false;
  const lost = () => { wasLost = true; settle(words.retry); summarise(words.offline, []); };
  const send = (extra) => {
    const request = new XMLHttpRequest();
    let timer;
    const alive = () => { clearTimeout(timer); timer = setTimeout(() => request.abort(), STALL); };
    const gone = () => { clearTimeout(timer); lost(); };
    const data = new FormData(form);
    Object.entries(extra).forEach(([name, value]) => data.set(name, value));
    request.open("POST", action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => { alive(); if (event.lengthComputable) progress(event.loaded / event.total); });
    request.addEventListener("load", () => { clearTimeout(timer); answered(request); });
    request.addEventListener("error", gone);
    request.addEventListener("abort", gone);
    alive();
    request.send(data);
  };

  const tooMuch = () => {
    const used = inputs.filter((input) => !input.disabled && input.files.length);
    const sum = used.flatMap((input) => [...input.files]).reduce((total, file) => total + file.size, 0);
    const max = Number(words.maxTotalMb);
    return max && sum > max * MEGABYTE
      ? [{ field: used.at(-1).closest("[data-field]").dataset.field, message: fill(words.fileTotal, { max }) }] : [];
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (busy) return;
    const faults = inputs.filter((input) => !input.disabled).map(checkFiles).filter(Boolean);
    if (!faults.length) faults.push(...tooMuch());
    if (faults.length) { showFaults(faults); return; }
    busy = true;
    fields.forEach(clear);
    summarise(null);
    button.setAttribute("aria-disabled", "true");
    form.setAttribute("aria-busy", "true");
    bar.hidden = false;
    progress(0);
    wasLost = false;
    ready().then(send, lost);
  });
  // Sent again only when somebody presses the button; the same key makes it the same inquiry.
  addEventListener("online", () => { if (wasLost && !busy) summarise(words.online, []); });
  addEventListener("pageshow", (event) => { if (event.persisted) settle(sendWord); });

  const drawn = document.getElementById("error-summary");
  if (drawn) drawn.focus();
})();
