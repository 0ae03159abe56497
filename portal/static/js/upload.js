// Says at once that a chosen file is too large, before it travels; the server says the same later.
(() => {
  for (const input of document.querySelectorAll("input[type=file][data-max-bytes]")) {
    const told = document.createElement("p");
    told.className = "field__error";
    told.setAttribute("role", "alert");
    input.before(told);
    input.addEventListener("change", () => {
      const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.maxBytes));
      told.textContent = tooLarge ? input.dataset.tooLarge : "";
      if (tooLarge) input.value = "";
    });
  }
})();
