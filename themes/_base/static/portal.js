/* Small comforts of every page. Everything here also works, or is simply absent, without JavaScript. */
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const remember = (key, value) => {
    try { value === null ? localStorage.removeItem(key) : localStorage.setItem(key, value); } catch { /* storage is off */ }
  };

  // Little menus in the header: one at a time, closed by Escape or a tap elsewhere.
  const menus = all("details.pop");
  const close = (menu, focus) => {
    if (!menu.open) return;
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => menus.forEach((menu) => menu.contains(event.target) || close(menu)));
  menus.forEach((menu) => {
    menu.addEventListener("keydown", (event) => event.key === "Escape" && close(menu, true));
    menu.addEventListener("focusout", (event) => event.relatedTarget && !menu.contains(event.relatedTarget) && close(menu));
  });

  // Brightness: light, dark, or as the device says.
  const brightness = document.getElementById("brightness");
  if (brightness) {
    const buttons = all("[data-theme-choice]", brightness);
    const show = () => buttons.forEach((b) => b.setAttribute("aria-pressed", String(b.dataset.themeChoice === (root.dataset.theme || "auto"))));
    buttons.forEach((button) => button.addEventListener("click", () => {
      const choice = button.dataset.themeChoice;
      if (choice === "auto") delete root.dataset.theme; else root.dataset.theme = choice;
      remember("haedap.theme", choice === "auto" ? null : choice);
      show();
      close(brightness, true);
    }));
    show();
    brightness.hidden = false;
  }

  // The language the customer chose; the root page reads it next time.
  all("[data-language]").forEach((link) => link.addEventListener("click", () => remember("haedap.language", link.dataset.language)));

  // A closed banner stays closed until there is another one.
  const banner = document.querySelector(".banner");
  if (banner) {
    const button = banner.querySelector(".close");
    button.hidden = false;
    button.addEventListener("click", () => {
      remember("haedap.banner", banner.dataset.banner);
      root.dataset.bannerClosed = "";
      document.getElementById("main").focus({ preventScroll: true });
    });
  }

  // What has run out is gone at its instant, on a page that nobody built again or that was left open.
  const over = () => {
    const now = Date.now();
    if (Date.parse(root.dataset.bannerUntil) <= now) root.dataset.bannerClosed = "";
    all("[data-until]").filter((one) => Date.parse(one.dataset.until) <= now).forEach((one) => {
      const list = one.parentElement;
      one.remove();
      if (!list.children.length) (list.closest("section[aria-labelledby], aside") || list.closest(".card") || list).hidden = true;
    });
  };
  over();
  setInterval(over, 30_000);

  // Copy buttons: the receipt number.
  all("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    const word = button.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        word.textContent = button.dataset.done;
      } catch { getSelection().selectAllChildren(source); }
    });
  });

  // A picture that is shown smaller than it is opens on a tap.
  const viewer = document.querySelector("dialog.picture");
  const enlarge = (picture) => {
    if (picture.closest("a") || picture.naturalWidth < picture.clientWidth * 1.25) return;
    const link = document.createElement("a");
    link.href = picture.src;
    link.className = "zoom";
    picture.replaceWith(link);
    link.append(picture);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const large = new Image();
      large.src = picture.src;
      large.alt = picture.alt;
      viewer.querySelector("img")?.remove();
      viewer.append(large);
      viewer.showModal();
    });
  };
  if (viewer) {
    viewer.addEventListener("click", () => viewer.close());
    all(".text img[alt]:not([alt=''])").forEach((picture) => picture.complete ? enlarge(picture) : picture.addEventListener("load", () => enlarge(picture)));
  }

  // What scrolls sideways can be reached by keyboard.
  all(".text table, .text pre").forEach((box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; });

  // On phones the current kind may be outside the row of kinds.
  const current = document.querySelector(".kinds [aria-current]");
  if (current) {
    const row = current.closest("ul");
    const offset = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += offset - (row.clientWidth - current.offsetWidth) / 2;
  }
})();
