// A reader who has chosen a language before, or whose browser speaks one of ours, goes straight there.
// Coming back from a portal (`?choose`) nobody is sent away again.
const links = [...document.querySelectorAll("[data-language]")];
const find = (tag) => links.find((link) => link.dataset.language.toLowerCase() === tag.toLowerCase())
  ?? links.find((link) => link.dataset.language.split("-")[0] === tag.split("-")[0].toLowerCase());

let stored = null;
try { stored = localStorage.getItem("haedap.language"); } catch { /* storage is off */ }
if (!new URLSearchParams(location.search).has("choose")) {
  const wanted = [stored, ...(navigator.languages ?? [])].filter(Boolean);
  const target = wanted.map(find).find(Boolean);
  if (target) location.replace(target.href + location.hash);
}
for (const link of links) link.addEventListener("click", () => {
  try { localStorage.setItem("haedap.language", link.dataset.language); } catch { /* storage is off */ }
});
