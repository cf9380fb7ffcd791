/* Runs before the first paint: the stored brightness, and the banner the customer has closed or whose time is over. */
(function (root) {
  root.classList.add("js");
  if (Date.parse(root.dataset.bannerUntil) <= Date.now()) root.dataset.bannerClosed = "";
  try {
    var theme = localStorage.getItem("haedap.theme");
    if (theme && !root.dataset.theme) root.dataset.theme = theme;
    if (root.dataset.banner && localStorage.getItem("haedap.banner") === root.dataset.banner) root.dataset.bannerClosed = "";
  } catch (e) { /* storage is off: defaults will do */ }
})(document.documentElement);
