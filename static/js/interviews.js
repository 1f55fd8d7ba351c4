// Keeps what is typed of an interview as a draft, on the server: computers are shared, and nothing
// of it stays in the browser.
"use strict";

(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const status = form.querySelector("[data-draft-status]");
  const insist = form.querySelector("[data-draft-insist]");
  const seen = form.elements.draft_seen;
  const REST = 1500;
  const PATIENCE = 8000;
  const LOST = "Brouillon non gardé : le réseau ne répond pas. Votre texte est toujours ici.";
  const EXPIRED = "Brouillon non gardé : votre session a expiré. Copiez votre texte avant de vous reconnecter.";
  let timer = null;
  let sending = null;
  let isDirty = false;
  let isLeaving = false;
  let turn = 0;

  function tell(words, isRefused) {
    // The same words again would be read aloud again.
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle("is-refused", isRefused);
    // Leaving asks first only when something would be lost.
    form.toggleAttribute("data-guard", isRefused);
  }

  async function post(insists) {
    const body = new URLSearchParams(new FormData(form));
    turn += 1;
    body.set("turn", turn);
    if (insists) body.set("insists", "1");
    const answer = await fetch(form.dataset.draft, {
      method: "POST",
      body,
      // What leaves with the tab is kept short by browsers; what stays has no limit.
      keepalive: document.visibilityState === "hidden",
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.redirected || answer.status === 403) return tell(EXPIRED, true);
    if (!answer.ok) return tell(LOST, true);
    const kept = await answer.json();
    if (!kept.isBehind) seen.value = kept.seen;
    insist.hidden = !kept.isBehind;
    tell(kept.said, !kept.isWhole);
  }

  async function keep(insists = false) {
    clearTimeout(timer);
    if (sending || isLeaving) return;
    isDirty = false;
    sending = post(insists).catch(() => tell(LOST, true));
    await sending;
    sending = null;
    if (isDirty) timer = setTimeout(keep, REST);
  }

  form.addEventListener("input", () => {
    isDirty = true;
    clearTimeout(timer);
    timer = setTimeout(keep, REST);
  });
  insist.addEventListener("click", () => keep(true));

  // The tab is hidden, perhaps for good: what was just typed leaves with it.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && isDirty) keep();
  });

  // The draft being sent arrives before the interview, so that none is left once it is saved.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (sending) {
      event.preventDefault();
      sending.finally(() => form.requestSubmit(event.submitter));
    } else {
      isLeaving = true;
    }
  });
  window.addEventListener("pageshow", () => {
    isLeaving = false;
  });
})();
