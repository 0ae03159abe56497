// On a narrow screen the menu of a desk is one line that scrolls: show the page one is on.
(() => {
  const here = document.querySelector(".desk__menu [aria-current]");
  const line = here?.closest("ul");
  if (line) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;
})();
