// How one row of the roll is drawn by the phone itself: what was just tapped, what waits, what clashed.
"use strict";

(() => {
  const NONE = "none";
  const CODES = { present: "present", excuse: "excused", absent: "absent" };
  const WORDS = { present: "Présent", excused: "Excusé", absent: "Absent", none: "à pointer", "": "à pointer" };
  const place = document.querySelector("[data-offline]");

  const formOf = (enrolment) => document.getElementById(`etat-${enrolment}`);
  const lineOf = (enrolment) => document.getElementById(`ligne-${enrolment}`);
  const icon = (name) =>
    place.querySelector(`template[data-icon="${name}"]`).content.firstElementChild.cloneNode(true);

  function made(tag, classes, ...content) {
    const element = document.createElement(tag);
    if (classes) element.className = classes;
    element.append(...content);
    return element;
  }

  function clock(iso) {
    const at = new Date(iso);
    const minutes = at.getMinutes();
    return `${at.getHours()}\u00a0h${minutes ? `\u00a0${String(minutes).padStart(2, "0")}` : ""}`;
  }

  // « Présent », « Excusé, Santé », « Présent · Le Vignoble », « Le Vignoble ».
  const told = ({ status, reason, site }) =>
    [[status, reason].filter(Boolean).join(", "), site].filter(Boolean).join(" · ");

  // What a tap asks, in the words of the button that was pressed.
  function wordsOf(button) {
    const said = button.textContent.trim();
    if (button.name === "status") return { status: WORDS[button.value] };
    return button.name === "site" ? { site: said } : { status: WORDS.excused, reason: said };
  }

  function drawHours(form, status) {
    const hours = form.querySelector(":scope > .roll-hours");
    if (status === "excused") {
      const menu = place.querySelector("template[data-reasons]").content.firstElementChild.cloneNode(true);
      menu.querySelector("summary").id = `motif-${form.id.slice(5)}`;
      hours.replaceWith(menu);
    } else {
      // The hours themselves are asked of the server, once it has the tap.
      const words = status === "present" ? place.dataset.planned : "–";
      hours.replaceWith(made("span", "roll-hours muted desk-only", words));
    }
  }

  function drawStatus(form, status) {
    form.dataset.status = status === NONE ? "" : status;
    for (const button of form.querySelectorAll(".segmented button")) {
      const code = CODES[button.id.split("-")[0]];
      button.setAttribute("aria-pressed", String(code === status));
      button.value = code === status ? NONE : code;
    }
    drawHours(form, status);
  }

  // Under a name: whose part it is stays, a reason comes and goes.
  function drawNote(form, reason) {
    const note = form.querySelector(".roll-note");
    const isApart = Boolean(form.closest(".roll-apart"));
    const said = [isApart && note ? note.textContent.split(" · ")[0] : "", reason || ""].filter(Boolean);
    if (!said.length) note?.remove();
    else if (note) note.textContent = said.join(" · ");
    else form.querySelector(".roll-hours").before(made("span", "roll-note", said.join(" · ")));
  }

  function drawSite(form, key) {
    const chosen = form.querySelector(`button[name="site"][value="${CSS.escape(key)}"]`);
    if (!chosen) return;
    for (const button of form.querySelectorAll('button[name="site"]')) button.removeAttribute("aria-current");
    chosen.setAttribute("aria-current", "true");
    for (const words of form.querySelectorAll(".roll-site summary > :is(.desk-only, .phone-only)")) {
      words.textContent = chosen.textContent.trim();
    }
    if (form.elements.current_site) form.elements.current_site.value = key;
  }

  // Draws what a tap asks, before anybody has answered.
  function draw(form, fields, words) {
    const status = fields.reason ? "excused" : fields.status;
    if (status && status !== (form.dataset.status || NONE)) drawStatus(form, status);
    if (status) drawNote(form, words.reason);
    if (fields.site) drawSite(form, fields.site);
    for (const menu of form.querySelectorAll("details[open]")) menu.open = false;
  }

  // Puts the row that the server answered in place of the one shown, the focus kept.
  function replace(enrolment, row) {
    const form = formOf(enrolment);
    // Hours being typed there stay.
    if (!form || form.classList.contains("roll-times")) return null;
    const focused = form.contains(document.activeElement) ? document.activeElement.id : "";
    const fresh = document.importNode(row, true);
    form.replaceWith(fresh);
    self.htmx?.process(fresh);
    if (focused) document.getElementById(focused)?.focus();
    return fresh;
  }

  // --- the mark « à envoyer » -----------------------------------------------------------------------
  function mark(enrolment, isWaiting) {
    const line = lineOf(enrolment);
    const former = line?.querySelector(".roll-pending");
    if (isWaiting && line && !former) {
      line.append(made("p", "roll-pending", icon("upload"), made("span", "", "à envoyer")));
    } else if (!isWaiting) {
      former?.remove();
    }
  }

  // --- what clashed -----------------------------------------------------------------------------------
  function button(classes, words, act) {
    const element = made("button", `btn ${classes}`, words);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // Shows what was noted here beside what is stored. `choose(again)` hears the choice.
  function conflict(one, choose) {
    const line = lineOf(one.enrolment);
    if (!line) return false;
    line.querySelector(".roll-conflict")?.remove();
    const state = line.querySelector(".roll-state");
    const stored = WORDS[state?.dataset.status ?? ""];
    const noted = told(one.words);
    const text = made("div", "roll-conflict-text",
      made("p", "", one.fault),
      made("p", "", `Noté ici à ${clock(one.observed_at)}\u00a0: `, made("strong", "", noted),
        `. Enregistré\u00a0: `, made("strong", "", stored), "."));
    if (state?.matches("form")) {
      text.append(made("div", "button-row",
        button("btn-outline-primary", `Remettre «\u00a0${noted}\u00a0»`, () => choose(true)),
        button("btn-outline-primary", `Garder «\u00a0${stored}\u00a0»`, () => choose(false))));
    } else {
      text.append(made("div", "button-row", button("btn-outline-primary", "J’ai vu", () => choose(false))));
    }
    const block = made("div", "roll-fault roll-conflict", icon("triangle-alert"), text);
    block.setAttribute("role", "alert");
    line.append(block);
    return true;
  }

  const calm = (enrolment) => lineOf(enrolment)?.querySelector(".roll-conflict")?.remove();

  self.offline.rows = { calm, conflict, draw, formOf, icon, made, mark, replace, wordsOf };
})();
