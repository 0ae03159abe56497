// A page that waits for the worker looks again by itself, as long as somebody looks at it and has not gone on within it.
(() => {
  const EVERY = 4000;
  const again = () => {
    const isIdle = document.activeElement === document.body || document.activeElement === null;
    if (document.visibilityState === "visible" && isIdle) location.reload();
    else setTimeout(again, EVERY);
  };
  setTimeout(again, EVERY);
})();
