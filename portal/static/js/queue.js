// A queue by keyboard: with the focus on a thing that waits, j and k go to the next and the one before, 1 to 3 press its
// decisions. After a decision the page comes back at #first, and what waits next has the focus.
// Without this the same buttons are reached by Tab.
(() => {
  const list = document.querySelector("[data-queue]");
  if (!list) return;
  const items = [...list.children];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = items.indexOf(document.activeElement?.closest?.(".queue__item"));
    if (at < 0) return;
    const next = { j: items[at + 1], k: items[at - 1] }[event.key];
    const decision = /^[1-3]$/.test(event.key)
      ? items[at].querySelectorAll(".queue__decide a, .queue__decide button")[event.key - 1]
      : null;
    if (next) next.focus();
    else if (decision) decision.click();
    else return;
    event.preventDefault();
  });

  // Once the browser has gone to #first, or it takes the focus there.
  addEventListener("load", () => requestAnimationFrame(() => items[0].focus({ preventScroll: true })));
})();
