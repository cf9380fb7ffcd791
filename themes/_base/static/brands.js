// Above all brands: says its words in the reader's language, and each brand leads to that language where it speaks it.
import { choose, remember } from "./choose.js";

const words = [...document.querySelectorAll("template[data-language]")];
const links = [...document.querySelectorAll("a[data-language]")];
const code = choose(words.map((one) => one.dataset.language));
const said = words.find((one) => one.dataset.language === code);
if (said) {
  document.documentElement.lang = code;
  document.documentElement.dir = said.dataset.dir;
  document.title = said.dataset.title;
  document.querySelector("h1").textContent = said.dataset.title;
  document.querySelector("h1 + p").textContent = said.dataset.text;
}
for (const name of document.querySelectorAll("a.name")) {
  const own = links.filter((link) => link.dataset.brand === name.dataset.brand);
  const spoken = choose(own.map((link) => link.dataset.language), name.dataset.default);
  const target = own.find((link) => link.dataset.language === spoken);
  if (target) {
    name.href = target.href;
    name.lang = spoken;
    name.querySelector("strong").textContent = target.dataset.name;
  }
}
for (const link of links) link.addEventListener("click", () => remember(link.dataset.language));
