// A weighing sheet typed by keyboard alone: Enter goes to the next cell, the arrows change line.
"use strict";

(() => {
  const form = document.querySelector("form[data-typed-harvests]");
  if (!form) return;
  const cells = [...form.querySelectorAll("input[data-column]")];

  function beside(field, step) {
    const column = cells.filter((cell) => cell.dataset.column === field.dataset.column);
    return column[column.indexOf(field) + step];
  }

  form.addEventListener("keydown", (event) => {
    const field = event.target.closest("input[data-column]");
    if (!field || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    // In a list of names, the arrows choose.
    const isList = field.hasAttribute("list");
    let wanted = null;
    if (event.key === "Enter") wanted = cells[cells.indexOf(field) + 1] || form.querySelector('[type="submit"]');
    else if (event.key === "ArrowDown" && !isList) wanted = beside(field, 1);
    else if (event.key === "ArrowUp" && !isList) wanted = beside(field, -1);
    else return;
    event.preventDefault();
    wanted?.focus();
  });
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("input[data-column]")) event.target.select();
  });
})();
