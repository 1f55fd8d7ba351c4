// What each grower takes away on average, told as it is typed.
"use strict";

(() => {
  const form = document.querySelector("form[data-share]");
  if (!form) return;
  const fields = [...form.querySelectorAll('input[name^="lot_"]')];
  const line = form.querySelector("[data-average]");

  function grams(text) {
    const tidy = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return /^\d+(\.\d{0,3})?$/.test(tidy) ? Math.round(Number(tidy) * 1000) : 0;
  }

  const told = (count) =>
    `${(count / 1000).toLocaleString("fr-FR", { maximumFractionDigits: 3 })}\u00a0kg`;

  function say() {
    const total = fields.reduce((sum, field) => sum + grams(field.value), 0);
    const growers = Number(form.elements.growers.value);
    if (!total) line.textContent = "";
    else if (growers > 1) line.textContent = `${told(total)}, soit ${told(Math.round(total / growers))} chacun en moyenne`;
    else line.textContent = `${told(total)} en tout`;
  }

  for (const button of form.querySelectorAll("[data-all]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const field = button.closest("li").querySelector("input");
      field.value = button.dataset.all;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  form.addEventListener("input", say);
  say();
})();
