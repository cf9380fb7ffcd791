/* Guided answers, one step in the place of another. The steps are pages of their own: whatever fails here, their links lead
   on. All steps of a flow lie at the same depth, so the links of the frame stay right. */
const frame = document.querySelector("[data-flow]");
const onOwnTerms = (event) => event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
let latest = 0;

const show = async (address, isNew) => {
  const mine = ++latest;
  frame.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-flow]");
    if (!answer.ok || !next) throw new Error(address);
    if (mine !== latest) return;
    if (isNew) history.pushState(null, "", address);
    frame.replaceChildren(...next.childNodes);
    document.title = page.title;
    frame.querySelector("#step").focus({ preventScroll: true }); // read out: the question, and which one it is
    frame.scrollIntoView({ block: "nearest" });
  } catch {
    if (mine === latest) location.assign(address);
  } finally {
    if (mine === latest) frame.removeAttribute("aria-busy");
  }
};

frame.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step]");
  if (!link || event.defaultPrevented || onOwnTerms(event)) return;
  event.preventDefault();
  show(link.href, true);
});
addEventListener("popstate", () => show(location.href, false));
