/* Shows the parts of an article that are for the reader's device: the one they chose before, else the one they hold. It
   runs before the first paint; what is hidden is hidden on screens alone, and an address that leads into it shows it. */
(() => {
  "use strict";
  const KEY = "haedap.platform";
  const offers = document.currentScript.dataset.offers.trim().split(" ");
  const wider = { windows: ["windows", "pc"], mac: ["mac", "pc"] };
  const held = () => {
    const agent = navigator.userAgent;
    if (/iPhone|iPad|iPod/.test(agent) || (/Mac/.test(agent) && navigator.maxTouchPoints > 1)) return ["ios", "web"];
    if (/Android/.test(agent)) return ["android", "web"];
    return [...(/Windows/.test(agent) ? ["windows"] : /Mac/.test(agent) ? ["mac"] : []), "pc", "web"];
  };
  const stored = () => {
    try { return localStorage.getItem(KEY); } catch { return null; /* storage is off */ }
  };
  const chosen = stored();
  let shown = [...(chosen ? wider[chosen] || [chosen] : []), ...held()].find((name) => name === "all" || offers.includes(name)) || "all";

  const sheet = document.head.appendChild(document.createElement("style")).sheet;
  const hide = () => {
    if (sheet.cssRules.length) sheet.deleteRule(0);
    const wanted = (wider[shown] || [shown]).map((name) => `.platform-${name}`);
    if (shown !== "all") sheet.insertRule(`@media screen { .text .platform:not(${wanted}), .toc-hidden { display: none } }`);
  };
  hide();

  document.addEventListener("DOMContentLoaded", () => {
    const buttons = [...document.querySelectorAll("[data-platform]")];
    const isHidden = (part) => part && shown !== "all" && !(wider[shown] || [shown]).some((name) => part.classList.contains(`platform-${name}`));
    const partOf = (anchor) => {
      try { return document.getElementById(decodeURIComponent(anchor.slice(1)))?.closest(".text .platform"); } catch { return null; /* no address of ours */ }
    };
    const show = (name) => {
      shown = name;
      hide();
      for (const button of buttons) button.setAttribute("aria-pressed", button.dataset.platform === name);
      for (const link of document.querySelectorAll(".toc a, .toc-phone a")) link.parentElement.classList.toggle("toc-hidden", Boolean(isHidden(partOf(link.hash))));
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        show(button.dataset.platform);
        try { localStorage.setItem(KEY, shown); } catch { /* storage is off: until the next page */ }
      });
    }
    const lead = () => {
      const part = location.hash && partOf(location.hash);
      if (!isHidden(part)) return;
      show(offers.find((name) => part.classList.contains(`platform-${name}`)));
      document.getElementById(decodeURIComponent(location.hash.slice(1))).scrollIntoView();
    };
    show(shown);
    lead();
    addEventListener("hashchange", lead);
  });
})();
