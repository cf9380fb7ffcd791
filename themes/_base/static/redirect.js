// Old addresses lead on at once: an anchor that has moved to its new place, any other is kept. Without JavaScript the
// page's refresh leads on, to the beginning of the new page.
const spelled = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
const anchor = spelled(location.hash.slice(1));
const moved = [...document.querySelectorAll("[data-anchor]")].find((link) => link.dataset.anchor === anchor);
location.replace(moved ? moved.href : document.getElementById("target").href + location.hash);
