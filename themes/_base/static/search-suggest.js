/* Inquiry forms: articles that may already answer, while the subject is typed. Links only, and nothing moves once the
   customer has left the field. */
import { ask, base, box, counted } from "./search-start.js";

const form = document.querySelector("[data-form]");
const { subject } = form.elements;
const field = subject?.type === "text" ? subject : form.querySelector("textarea") || form.querySelector("input[type=text]");
if (box && field) {
  const made = document.getElementById("suggest-typed").content.firstElementChild.cloneNode(true);
  const status = made.querySelector("[role=status]"), list = made.querySelector("ul"), { found, new: opens } = made.dataset;
  const root = new URL("../", base);
  let turn = 0, timer;
  field.after(made);

  const suggest = async () => {
    const mine = ++turn, query = field.value.trim();
    let results = [];
    if ([...query].length >= 4) try { ({ results } = await ask(query.slice(0, 200), 3)); } catch { /* no suggestions then */ }
    if (mine !== turn) return;
    const good = results.filter(({ score }) => score > results[0].score / 2);
    list.replaceChildren(...good.map(({ url, title, lang }) => {
      const item = document.createElement("li"), link = document.createElement("a"), note = document.createElement("span");
      note.className = "unseen";
      note.textContent = ` (${opens})`;
      link.append(title, note);
      Object.assign(link, { href: new URL(url, root), target: "_blank", rel: "noopener" });
      if (lang) link.lang = link.hreflang = lang;
      item.append(link);
      return item;
    }));
    const said = good.length ? counted(found, good.length) : "";
    if (status.textContent !== said) status.textContent = said;
    made.classList.toggle("some", good.length > 0);
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(suggest, 400); });
  field.addEventListener("blur", () => { clearTimeout(timer); turn++; });
}
