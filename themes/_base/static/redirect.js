// Old addresses lead on at once and keep the anchor; without JavaScript the page's refresh does it.
const target = document.querySelector('link[rel=canonical]').href;
location.replace(target + location.hash);
