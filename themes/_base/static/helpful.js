/* "Did this help?" without leaving the page. What is sent: the article and the answer. This tab remembers that it
   answered, so that nobody is asked twice; nothing else knows who did. */
const form = document.querySelector(".helpful");
const answers = form?.querySelector(".helpful-answers"), reasons = form?.querySelector(".helpful-reasons"), said = form?.querySelector(".helpful-said");
const key = `haedap.helpful.${form?.elements.article.value}`;
const stored = (value) => {
  try { return value ? sessionStorage.setItem(key, value) : sessionStorage.getItem(key); } catch { return null; }
};
const thank = () => {
  answers.hidden = true;
  reasons.hidden = true;
  said.textContent = form.dataset.thanks;
};

const send = async (button) => {
  const { value } = button;
  const body = new URLSearchParams({ article: form.elements.article.value, answer: value });
  for (const one of form.querySelectorAll("button")) one.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "omit", referrerPolicy: "no-referrer" });
    if (!response.ok) throw new Error(response.status);
    stored(value);
    thank();
    if (value === "no") {
      reasons.hidden = false;
      reasons.querySelector("p").focus();
    }
  } catch {
    said.textContent = form.dataset.failed;
  }
  for (const one of form.querySelectorAll("button")) one.disabled = false;
};

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.submitter);
  });
  if (stored()) thank();
}
