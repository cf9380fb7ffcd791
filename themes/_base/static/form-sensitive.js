/* A gentle word before a form with a resident registration or card number is sent: once, beside the field. The bridge
   decides again by its own rules (portal_builder/sensitive.py); sending once more sends it as it is. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-form]");
  if (!form) return;
  const plain = (text) => text.normalize("NFKC").replace(/[‐‑‒–—−ー]/g, "-");

  const isBirth = (digits, century) => {
    const [year, month, day] = [`${"12567834".indexOf(century) < 4 ? 19 : 20}${digits.slice(0, 2)}`, digits.slice(2, 4), digits.slice(4)];
    const date = new Date(Date.UTC(+year, month - 1, +day));
    return date.getUTCMonth() === month - 1 && date.getUTCDate() === +day;
  };
  const hasCheckDigit = (number) => {
    const sum = [...number.slice(0, 12)].reduce((total, digit, at) => total + digit * (at % 8 + 2), 0);
    return ((/[5-8]/.test(number[6]) ? 13 : 11) - sum % 11 + 10) % 10 === +number[12];
  };
  const isLuhn = (digits) => [...digits].reverse().reduce((total, digit, at) => {
    const value = digit * (at % 2 + 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0) % 10 === 0;

  const RESIDENT = /(?:^|[^\w])(\d{6})( ?- ?| |)([1-8]\d{6})(?!\w)(?!-\d)/g;
  const CARD = /(?:^|[^\w])((?:4|5[1-5]|2[2-7]|3[4-9]|6|9)\d{2,3}(?:[ -]?\d{4}){3}|3[47]\d\d[ -]?\d{6}[ -]?\d{5})(?![\w]|-\d)/g;
  const found = (text) => {
    for (const [, birth, dash, rest] of plain(text).matchAll(RESIDENT)) {
      if (isBirth(birth, rest[0]) && (dash.includes("-") || hasCheckDigit(birth + rest))) return "ResidentNumber";
    }
    for (const [, card] of plain(text).matchAll(CARD)) {
      if (isLuhn(card.replace(/\D/g, ""))) return "CardNumber";
    }
    return "";
  };

  let warned = "";
  const warnings = () => form.querySelectorAll(".warning-sensitive");
  form.addEventListener("submit", (event) => {
    warnings().forEach((one) => one.remove());
    const texts = [...form.querySelectorAll("textarea, input[type=text], input[type=tel]")].filter((one) => !one.disabled);
    const wrong = texts.map((control) => [control, found(control.value)]).filter(([, kind]) => kind);
    const now = JSON.stringify(wrong.map(([control, kind]) => [control.name, kind, control.value]));
    if (!wrong.length || now === warned) return;
    warned = now;
    event.preventDefault();
    event.stopImmediatePropagation(); // form.js stands behind us
    wrong.forEach(([control, kind]) => {
      const warning = document.createElement("p");
      warning.className = "error warning-sensitive";
      warning.setAttribute("role", "alert");
      warning.append(document.getElementById("error-icon").content.cloneNode(true), form.dataset[`warn${kind}`]);
      control.before(warning);
    });
    wrong[0][0].focus();
  });
})();
