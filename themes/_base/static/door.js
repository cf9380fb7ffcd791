// Above a brand's portals: leads on to the reader's language. Coming back from a portal (`?choose`) nobody is sent away.
import { choose, remember } from "./choose.js";

const links = [...document.querySelectorAll("[data-language]")];
if (!new URLSearchParams(location.search).has("choose")) {
  const code = choose(links.map((link) => link.dataset.language), document.documentElement.dataset.default);
  const target = links.find((link) => link.dataset.language === code);
  if (target) location.replace(target.href + location.hash);
}
for (const link of links) link.addEventListener("click", () => remember(link.dataset.language));
