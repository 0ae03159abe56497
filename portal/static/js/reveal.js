// A switch beside each password that shows what was typed. Without scripts there is none, and none is needed.
(() => {
  for (const input of document.querySelectorAll("input[data-reveal]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "reveal";
    button.textContent = input.dataset.reveal;
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
    input.after(button);
    // A browser remembers what is sent as a password only where it is one.
    input.form?.addEventListener("submit", () => {
      input.type = "password";
    });
  }
})();
