// The roll on an enrolled device: each tap is noted on the phone first, shown at once, then sent.
"use strict";

(() => {
  const { queue, rows, vault } = self.offline;
  const place = document.querySelector("[data-offline]");
  const isAble = "indexedDB" in self && Boolean(crypto.subtle) && "locks" in navigator;
  if (!place || !isAble) return;

  const { owner, session } = place.dataset;
  const TAPS = new Set(["status", "site", "reason"]);
  // Milliseconds between two tries while something waits, and before a slow tap is marked.
  const AGAIN = 15_000;
  const SLOW = 1000;
  const CLOSED = "main form:not(.roll-state) button, .roll-times button, .roll button[name=takes_back]";
  const WAYS = ".roll-tools a, .action-bar a, .roll a.roll-link, .roll a[hx-get]";
  const isCopy = Boolean(document.querySelector('meta[name="autoprod-copy"]'));
  let network = isCopy || !navigator.onLine ? "down" : "up";
  let hasSent = false;
  let asks = "";
  let isReady = isCopy;

  // --- what is told: one line, aloud as well ------------------------------------------------------------
  const counted = (number) => (number > 1 ? `${number} appuis` : "1 appui");

  function link(words, href) {
    const anchor = rows.made("a", "", words);
    anchor.href = href;
    return anchor;
  }

  function sentence(taps, { own, elsewhere }, isOpen) {
    const wait = taps.length ? `${counted(taps.length)} à envoyer` : "";
    if (network === "down") {
      const head = ["Hors réseau", wait].filter(Boolean).join(" · ");
      return ["smartphone", "is-down", rows.made("strong", "", head),
        rows.made("span", "offline-more", "Heures, ajouts et clôture\u00a0: plus tard.")];
    }
    if (network === "locked") {
      const next = encodeURIComponent(location.pathname);
      return ["lock", "is-down", rows.made("strong", "", wait || "Le réseau est revenu"),
        link(wait ? "Déverrouillez pour envoyer" : "Déverrouillez pour continuer",
          `${place.dataset.unlock}?next=${next}`)];
    }
    if (network === "trouble" && wait) {
      return ["upload", "is-down", rows.made("strong", "", wait),
        rows.made("span", "offline-more", "Le serveur répond mal\u00a0: nouvel essai dans quelques secondes.")];
    }
    if (wait) return ["upload", "", rows.made("strong", "", `${wait}…`)];
    if (elsewhere.length) {
      const words = "Des appuis sont à revoir sur une autre page";
      return ["triangle-alert", "is-down", link(words, queue.pageOf(elsewhere[0]))];
    }
    if (own.length) {
      const words = own.length > 1 ? `${own.length} appuis sont à revoir` : "1 appui est à revoir";
      return ["triangle-alert", "is-down", rows.made("strong", "", words),
        rows.made("span", "offline-more", "Voyez la ligne marquée, et choisissez.")];
    }
    if (hasSent) return ["circle-check", "is-done", rows.made("strong", "", "Tout est enregistré")];
    if (!isOpen && isReady) {
      return ["smartphone", "", rows.made("span", "",
        "Entrez avec votre code pour que cette feuille s’ouvre aussi sans réseau.")];
    }
    return [];
  }

  function say(name, tone, ...words) {
    const line = place.querySelector("[data-offline-line]");
    const text = words.map((word) => word.textContent).join(" ") + asks;
    if (line.dataset.said === text) return;
    line.dataset.said = text;
    line.className = `offline-line ${tone || ""}`;
    const said = asks ? [...words, rows.made("span", "offline-more", asks)] : words;
    line.replaceChildren(...(name ? [rows.icon(name), rows.made("div", "", ...said)] : []));
  }

  function restrain(isWaiting) {
    const isDown = network === "down";
    document.documentElement.classList.toggle("is-offline", isDown);
    document.documentElement.classList.toggle("is-waiting", isWaiting);
    for (const button of document.querySelectorAll(CLOSED)) {
      if (isDown === button.disabled) continue;
      if (isDown || button.dataset.offline) button.disabled = isDown;
      button.dataset.offline = isDown ? "1" : "";
    }
    for (const way of document.querySelectorAll(WAYS)) {
      if (isDown) way.setAttribute("aria-disabled", "true");
      else way.removeAttribute("aria-disabled");
    }
  }

  async function tell() {
    const taps = await queue.waiting(owner);
    const clashes = await queue.conflicts(owner);
    const [here, elsewhere] = [true, false].map((is) =>
      clashes.filter((one) => (one.session === session) === is));
    const own = taps.filter((tap) => tap.session === session);
    const slow = (tap) => network !== "up" || Date.now() - Date.parse(tap.observed_at) > SLOW;
    for (const line of document.querySelectorAll(".roll-row")) {
      const enrolment = line.id.slice(6);
      rows.mark(enrolment, own.some((tap) => tap.enrolment === enrolment && slow(tap)));
    }
    restrain(own.some(slow) || network !== "up");
    say(...sentence(taps, { own: here, elsewhere }, Boolean(await vault.open())));
    return taps.length;
  }

  // --- the pen in hand: the token of the page, renewed when the server asks ---------------------------
  let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";

  async function pageNow() {
    const answer = await fetch(location.pathname, { redirect: "manual", signal: AbortSignal.timeout(10_000) });
    if (answer.type === "opaqueredirect") network = "locked";
    if (!answer.ok) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  }

  function adoptToken(page) {
    const fresh = page?.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!fresh) return false;
    token = fresh;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": fresh }));
    return true;
  }

  const changed = (saved) =>
    document.dispatchEvent(new CustomEvent("roll:changed", { detail: { saved } }));

  const sender = {
    token: () => token,
    renew: async () => adoptToken(await pageNow()),
    shown(tap, row) {
      if (network !== "up") network = "up";
      if (!row || tap.session !== session) return;
      rows.replace(tap.enrolment, row);
      changed(row.dataset.saved);
    },
    async settled() {
      hasSent = true;
      await drawWaiting();
      await tell();
    },
  };

  // --- what waits and what clashed, drawn over what the page says ---------------------------------------
  async function drawWaiting() {
    for (const tap of await queue.waiting(owner)) {
      const form = tap.session === session && rows.formOf(tap.enrolment);
      if (form && !form.classList.contains("roll-times")) rows.draw(form, tap.fields, tap.words);
    }
    for (const one of await queue.conflicts(owner)) {
      if (one.session === session) rows.conflict(one, (again) => chosen(one, again));
    }
    changed();
  }

  async function chosen(one, again) {
    await queue.settle(one.key);
    rows.calm(one.enrolment);
    const form = rows.formOf(one.enrolment);
    if (again && form) await noted(form, one.fields, one.words);
    else await tell();
    form?.querySelector(".segmented button")?.focus();
  }

  // --- sending ------------------------------------------------------------------------------------------
  let isFlushing = false;
  let hasMore = false;

  async function flush() {
    hasMore = true;
    if (isFlushing) return;
    isFlushing = true;
    while (hasMore) {
      hasMore = false;
      const outcome = await queue.flush(owner, sender);
      if (outcome === "done") await back();
      else if (outcome !== "busy") network = outcome;
    }
    isFlushing = false;
    await tell();
  }

  // Everything left; a copy then takes the rows as they are now, those of other devices included.
  let isStale = isCopy;
  async function back() {
    if (network === "up" && !isStale) return;
    const page = await pageNow().catch(() => null);
    if (!page) return;
    adoptToken(page);
    network = "up";
    isStale = false;
    const waiting = new Set((await queue.waiting(owner)).map((tap) => tap.enrolment));
    for (const row of page.querySelectorAll("form.roll-state[data-status]")) {
      const enrolment = row.id.slice(5);
      if (!waiting.has(enrolment)) rows.replace(enrolment, row);
    }
    await drawWaiting();
  }

  // --- one tap ------------------------------------------------------------------------------------------
  async function noted(form, fields, words) {
    asks = "";
    rows.draw(form, fields, words);
    changed();
    const enrolment = form.id.slice(5);
    const { current_site: site, version } = form.elements;
    await queue.note({
      uuid: crypto.randomUUID(),
      owner,
      session,
      enrolment,
      url: new URL(form.action).pathname,
      fields: { ...(site ? { current_site: site.value } : {}), ...fields },
      words,
      version: Number(version.value),
      observed_at: new Date().toISOString(),
    });
    await queue.settle(`${session}:${enrolment}`);
    rows.calm(enrolment);
    vault.touch().catch(() => null);
    await tell();
    setTimeout(tell, SLOW + 100);
    flush();
  }

  function tooEarly() {
    const starts = new Date(place.dataset.starts);
    if (starts <= new Date()) return false;
    const minutes = starts.getMinutes() ? `\u00a0${String(starts.getMinutes()).padStart(2, "0")}` : "";
    const day = starts.toDateString() === new Date().toDateString() ? "" : "le jour de la séance, ";
    asks = `Le pointage s’ouvre ${day}à ${starts.getHours()}\u00a0h${minutes}.`;
    tell();
    return true;
  }

  document.addEventListener("submit", (event) => {
    const { target: form, submitter: by } = event;
    if (!form.matches("form.roll-state[data-status]:not(.roll-times)") || !by) return;
    if (!TAPS.has(by.name)) {
      if (network === "up") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (tooEarly()) return;
    const [fields, words] = [{ [by.name]: by.value }, rows.wordsOf(by)];
    // A site before any status is not written yet: it goes with the status.
    if (by.name === "site" && !form.dataset.status) rows.draw(form, fields, words);
    else noted(form, fields, words).catch(() => straight(form, by));
  }, true);

  // A phone that refuses to keep anything (full, private browsing) ticks as any page does.
  function straight(form, by) {
    const values = { [by.name]: by.value };
    self.htmx.ajax("POST", form.action, { source: form, target: form, swap: "outerHTML", values });
  }

  // --- what needs the network says so instead of failing -------------------------------------------------
  document.addEventListener("click", (event) => {
    if (network !== "down" || !event.target.closest(WAYS)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);

  // --- when -----------------------------------------------------------------------------------------------
  window.addEventListener("online", flush);
  window.addEventListener("offline", () => {
    network = "down";
    tell();
  });
  document.addEventListener("offline:ready", () => {
    isReady = true;
    tell();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) flush();
  });
  setInterval(async () => {
    if (network !== "up" || await tell()) flush();
  }, AGAIN);

  async function start() {
    if (isCopy) {
      for (const { enrolment, html } of await vault.rowsOf(session)) {
        const page = new DOMParser().parseFromString(html, "text/html");
        rows.replace(enrolment, page.querySelector("form"));
      }
    }
    await drawWaiting();
    await tell();
    await flush();
  }

  start();
})();
