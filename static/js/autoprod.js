// Comfort added to pages that work without it: drawer, menus, questions, warnings, copies, errors.
"use strict";

(() => {
  const find = (selector, root = document) => root.querySelector(selector);

  // --- drawer of the phone -----------------------------------------------------------------------
  const drawer = find("[data-drawer]");
  const opener = find("[data-drawer-open]");

  function toggleDrawer(open) {
    drawer.classList.toggle("is-open", open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) find("[data-drawer-close]", drawer).focus();
    else opener.focus();
  }

  if (drawer && opener) {
    opener.setAttribute("role", "button");
    opener.setAttribute("aria-expanded", "false");
    opener.setAttribute("aria-controls", drawer.id);
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      toggleDrawer(true);
    });
    document.addEventListener("click", (event) => {
      if (!event.target.closest("[data-drawer-close]")) return;
      event.preventDefault();
      toggleDrawer(false);
    });
  }

  // --- menus -------------------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = find("[data-menu][open]");
    if (menu) {
      menu.open = false;
      find("summary", menu).focus();
    } else if (drawer && drawer.classList.contains("is-open")) {
      toggleDrawer(false);
    }
  });

  // --- tabs: the one shown is in sight, where the others do not all fit ----------------------------
  for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
    const list = tab.closest("ul");
    const [seen, frame] = [tab.getBoundingClientRect(), list.getBoundingClientRect()];
    if (seen.right > frame.right) list.scrollLeft += seen.right - frame.right + 26;
  }

  // --- "/" goes to the search --------------------------------------------------------------------
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const search = find("[data-search], input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  });

  // --- question before an act --------------------------------------------------------------------
  function button(label, classes, value) {
    const element = document.createElement("button");
    element.className = `btn ${classes}`;
    element.value = value;
    element.textContent = label;
    return element;
  }

  function ask(question, action) {
    const dialog = document.createElement("dialog");
    const text = document.createElement("p");
    const form = document.createElement("form");
    dialog.className = "dialog";
    text.id = "dialog-question";
    text.textContent = question;
    dialog.setAttribute("aria-labelledby", text.id);
    form.method = "dialog";
    form.className = "button-row";
    form.append(button("Annuler", "btn-outline-primary", "no"), button(action, "btn-primary", "yes"));
    dialog.append(text, form);
    document.body.append(dialog);
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes");
      });
    });
  }

  const agreed = new WeakSet();

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const source = [event.submitter, form].find((element) => element && element.dataset.confirm);
    if (!source || agreed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const action = source.dataset.confirmAction || submitter?.textContent.trim() || "Continuer";
    if (await ask(source.dataset.confirm, action)) {
      agreed.add(form);
      form.requestSubmit(submitter);
    }
  }, true);

  // --- a form is sent once, however many clicks ---------------------------------------------------
  let sent = new WeakSet();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (sent.has(form)) event.preventDefault();
    sent.add(form);
    // The answer may be a file, which leaves the page there.
    setTimeout(() => sent.delete(form), 5000);
  });
  window.addEventListener("pageshow", () => {
    sent = new WeakSet();
  });

  // --- changes not saved yet ---------------------------------------------------------------------
  const changed = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) changed.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) changed.delete(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    // A form that htmx took away holds nothing to lose.
    if ([...changed].some((form) => form.isConnected)) event.preventDefault();
  });

  // --- copy: <button data-copy="#id"> ------------------------------------------------------------
  function textOf(element) {
    return "value" in element ? element.value : element.textContent.trim();
  }

  document.addEventListener("click", async (event) => {
    const trigger = event.target.closest("[data-copy]");
    if (!trigger) return;
    const target = find(trigger.dataset.copy);
    const label = find("span", trigger) || trigger;
    try {
      await navigator.clipboard.writeText(textOf(target));
      label.textContent = "Copié";
    } catch {
      // Without HTTPS the clipboard is closed: the text is selected, ready for Ctrl + C.
      window.getSelection().selectAllChildren(target);
      label.textContent = "Sélectionné : copiez";
    }
  });

  // --- <button data-print> -----------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  // --- errors of partial requests ----------------------------------------------------------------
  function show(message) {
    const place = document.getElementById("messages");
    if (!place) return;
    const notice = document.createElement("div");
    const text = document.createElement("div");
    notice.className = "notice notice-danger";
    notice.setAttribute("role", "alert");
    text.className = "notice-text";
    text.textContent = message;
    notice.append(text);
    place.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  const STATUS = {
    403: "Vous n’avez pas le droit de faire cela, ou votre session a expiré. Rechargez la page.",
    404: "Cette fiche n’existe plus ou ne vous est pas ouverte. Rechargez la page.",
    409: "Quelqu’un a modifié cette fiche entre-temps. Rechargez la page avant de recommencer.",
  };
  const LOST = "Le serveur ne répond pas : rien n’a été enregistré. Vérifiez le réseau, puis recommencez.";

  document.addEventListener("htmx:responseError", (event) => {
    show(STATUS[event.detail.xhr.status] || "Une erreur s’est produite : rien n’a été enregistré.");
  });
  document.addEventListener("htmx:sendError", () => show(LOST));
  document.addEventListener("htmx:timeout", () => show(LOST));
})();
