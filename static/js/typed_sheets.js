// A sheet typed by keyboard alone: Enter and the arrows go from line to line, and each line says
// at once how it is read.
"use strict";

(() => {
  const form = document.querySelector("form[data-typed-sheet]");
  if (!form) return;
  const WORDS = { P: "présent", E: "excusé", A: "absent" };

  function next(field, step) {
    const rows = [...form.querySelectorAll("[data-typed-line]")];
    let index = rows.indexOf(field.closest("[data-typed-line]")) + step;
    for (; rows[index]; index += step) {
      // A line added by hand begins with its name.
      const wanted =
        rows[index].querySelector('[data-column="name"]') ||
        rows[index].querySelector(`[data-column="${field.dataset.column}"]`) ||
        rows[index].querySelector('[data-column="presence"]');
      if (wanted) return wanted;
    }
    return step > 0 ? form.querySelector('[type="submit"]') : null;
  }

  function after(field) {
    // From the name of a line added by hand, to what is said of it; nothing to add, to the end.
    if (field.dataset.column !== "name") return next(field, 1);
    if (!field.value.trim()) return form.querySelector('[type="submit"]');
    return field.closest("[data-typed-line]").querySelector('[data-column="presence"]');
  }

  function read(field) {
    const said = field.closest("[data-typed-line]").querySelector("[data-said]");
    if (!said) return;
    const typed = field.value.trim().toUpperCase();
    const isHour = /^-?\d/.test(typed);
    said.textContent = isHour ? "présent, à ces heures" : WORDS[typed[0]] || "";
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target.closest("input[data-column]");
    if (!field || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    // In a list of names, the arrows choose.
    const isList = field.hasAttribute("list");
    let wanted = null;
    if (event.key === "Enter") wanted = after(field);
    else if (event.key === "ArrowDown" && !isList) wanted = next(field, 1);
    else if (event.key === "ArrowUp" && !isList) wanted = next(field, -1);
    else return;
    event.preventDefault();
    wanted?.focus();
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-column]")) event.target.select();
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches('[data-column="presence"]')) read(event.target);
  });
  for (const field of form.querySelectorAll('[data-column="presence"]')) read(field);
})();
