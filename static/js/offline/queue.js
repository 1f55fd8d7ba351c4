// Taps wait here until the server has answered for them: one at a time, in order, none forgotten.
// No name is in it: keys, what was tapped, when.
"use strict";

(() => {
  const { store, vault } = self.offline;
  const NONE = "none";
  // Milliseconds before an answer is as good as lost: the tap is sent again, under the same mark.
  const PATIENCE = 15_000;
  // What an answer of ours holds: the state of a line of a roll, or what became of a weighing.
  const ANSWERS = "form.roll-state[data-status], [data-weighed]";
  const byOrder = (a, b) => a.order - b.order;
  const sameRow = (a) => (b) => a.session === b.session && a.enrolment === b.enrolment;
  const keyOf = (tap) => `${tap.session}:${tap.enrolment}`;

  // What both taps ask of the line, as if it had been said at once.
  function merged(before, after) {
    const { reason, ...rest } = before;
    if (after.status) return { ...rest, ...after };
    return { ...rest, ...(reason ? { reason } : {}), ...after };
  }

  function wordsOf(before, after, fields) {
    if (after.fields.status) return { ...before.words, reason: undefined, ...after.words };
    return { ...before.words, ...after.words, ...(fields.reason ? { status: "Excusé" } : {}) };
  }

  // Notes a tap on the disk. It replaces the one that waits for the same row, unless that one was
  // sent already: what the server made of it is not known yet, and this one goes after it.
  function note(tap) {
    return store.change("taps", (taps) => {
      const last = taps.filter(sameRow(tap)).sort(byOrder).at(-1);
      const order = Math.max(0, ...taps.map((one) => one.order)) + 1;
      if (!last) return { put: [{ ...tap, order, tried: false }] };
      if (last.tried) return { put: [{ ...tap, order, tried: false, version: null }] };
      const fields = merged(last.fields, tap.fields);
      // Ticked then taken back before anything left: there is nothing to say.
      if (fields.status === NONE && last.version === 0) return { remove: [last.uuid] };
      const { version, order: place } = last;
      const words = wordsOf(last, tap, fields);
      return { put: [{ ...tap, fields, words, version, order: place, tried: false }], remove: [last.uuid] };
    });
  }

  async function waiting(owner) {
    const taps = await store.all("taps");
    return taps.filter((tap) => tap.owner === owner).sort(byOrder);
  }

  // --- conflicts: what was noted here, kept beside what is stored until somebody chooses ----------
  const conflicts = async (owner) =>
    (await store.all("conflicts")).filter((one) => one.owner === owner);
  const settle = (key) => store.remove("conflicts", key);

  // --- sending ------------------------------------------------------------------------------------
  // Marks the next tap as sent, in the same breath as it is read: it is replaced no more.
  const next = (owner) => store.change("taps", (taps) => {
    const tap = taps.filter((one) => one.owner === owner).sort(byOrder)[0];
    if (!tap) return {};
    const sent = { ...tap, tried: true, version: tap.version ?? 0 };
    return { put: [sent], give: sent };
  });

  async function post(tap, token) {
    const body = new URLSearchParams({
      ...tap.fields,
      version: tap.version,
      client_uuid: tap.uuid,
      observed_at: tap.observed_at,
      csrfmiddlewaretoken: token,
    });
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    return fetch(tap.url, {
      method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(PATIENCE),
    });
  }

  // Returns the row of an answer; null when the answer is nobody's of ours (a hotel's portal).
  function rowIn(html, tap) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const row = page.querySelector(ANSWERS);
    return row?.id === `etat-${tap.enrolment}` ? row : null;
  }

  // Returns {kind, row, fault}: saved, refused, locked, forbidden or trouble.
  async function judged(answer, tap) {
    if (answer.type === "opaqueredirect" || answer.headers.get("HX-Redirect")) return { kind: "locked" };
    if (answer.status === 401) return { kind: "locked" };
    if (answer.status === 403) return { kind: "forbidden" };
    if (answer.status === 404) {
      return { kind: "refused", row: null, fault: "Cette ligne n’existe plus, ou ne vous est plus ouverte." };
    }
    if (answer.status === 400) {
      return { kind: "refused", row: null, fault: "Cet appui n’a pas été compris." };
    }
    const row = answer.ok ? rowIn(await answer.text(), tap) : null;
    if (!row) return { kind: "trouble" };
    const fault = row.querySelector(".roll-fault");
    if (!fault) return { kind: "saved", row };
    const said = fault.textContent.trim();
    fault.remove();
    return { kind: "refused", row, fault: said };
  }

  const versionOf = (row) => Number(row.querySelector("[name=version]")?.value ?? 0);

  // The server has it: it leaves, and the one behind starts from what is stored now.
  function saved(tap, version) {
    return store.change("taps", (taps) => {
      const after = taps.filter(sameRow(tap)).filter((one) => one.uuid !== tap.uuid).sort(byOrder)[0];
      const put = after?.version === null ? [{ ...after, version }] : [];
      return { put, remove: [tap.uuid] };
    });
  }

  // Refused: what was noted last on this row leaves the queue for somebody to choose.
  async function refused(tap, { row, fault }) {
    const noted = await store.change("taps", (taps) => {
      const own = taps.filter(sameRow(tap)).sort(byOrder);
      return { remove: own.map((one) => one.uuid), give: own.at(-1) };
    });
    if (!noted) return;
    const stored = row ? row.dataset.status : null;
    const { session, enrolment, owner, url, page, observed_at, words } = noted;
    // What an earlier tap of the same row asked is still wanted, unless the last one says otherwise.
    const fields = noted.uuid === tap.uuid ? tap.fields : merged(tap.fields, noted.fields);
    await store.put("conflicts", {
      key: keyOf(noted), session, enrolment, owner, url, page, observed_at, words, fields, stored, fault,
    });
  }

  // Sends what waits. `page` gives token(), renew() (a fresh token; false when logged out) and hears
  // each row: shown(tap, row), then settled(). Returns done, locked, trouble or down.
  async function sendAll(owner, page) {
    for (;;) {
      const tap = await next(owner);
      if (!tap) return "done";
      let answer = await judged(await post(tap, page.token()), tap);
      if (answer.kind === "forbidden") {
        if (!await page.renew()) return "locked";
        answer = await judged(await post(tap, page.token()), tap);
      }
      if (answer.kind === "forbidden" || answer.kind === "locked") return "locked";
      if (answer.kind === "trouble") return "trouble";
      const html = answer.row?.outerHTML;
      // Shown first: whoever taps this row from here on starts from what is stored now.
      page.shown(tap, answer.row);
      if (html && tap.session) await vault.keepRow(tap.session, tap.enrolment, html);
      if (answer.kind === "saved") await saved(tap, versionOf(answer.row));
      else await refused(tap, answer);
      await page.settled();
    }
  }

  // One tab of the phone sends at a time. Returns « busy » while another does.
  async function flush(owner, page) {
    const send = () => sendAll(owner, page).catch((error) => {
      if (error instanceof TypeError || ["TimeoutError", "AbortError"].includes(error.name)) return "down";
      throw error;
    });
    if (!navigator.locks) return send();
    return navigator.locks.request("autoprod-taps", { ifAvailable: true }, (held) => (held ? send() : "busy"));
  }

  // Where a tap was noted: its roll, or the page it names.
  const pageOf = (tap) => tap.page || `/seances/${tap.session}/pointer/`;

  self.offline.queue = { conflicts, flush, keyOf, note, pageOf, settle, waiting };
})();
