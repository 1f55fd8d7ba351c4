// What protects the names on a phone that can be lost: rolls are kept sealed (AES-GCM) under a random
// key, itself wrapped by one derived from the six-digit code. What it is worth: docs/adr/0010.
"use strict";

(() => {
  const { store } = self.offline;
  // OWASP, Password Storage Cheat Sheet: PBKDF2-HMAC-SHA256, 600 000 iterations.
  const ITERATIONS = 600_000;
  const IDLE = 2 * 3600 * 1000;
  const FAILURES = 5;
  const COPIES = 20;
  const USES = ["encrypt", "decrypt"];
  const DAY = 24 * 3600 * 1000;
  const random = (size) => crypto.getRandomValues(new Uint8Array(size));
  const bytes = (text) => new TextEncoder().encode(text);

  async function keyOf(code, { salt, iterations }) {
    const typed = await crypto.subtle.importKey("raw", bytes(code), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
    const kind = { name: "AES-GCM", length: 256 };
    return crypto.subtle.deriveKey(how, typed, kind, false, ["wrapKey", "unwrapKey"]);
  }

  // Returns a new lock and its key, that no script can read.
  async function made(code) {
    const lock = { salt: random(16), iv: random(12), iterations: ITERATIONS };
    const how = { name: "AES-GCM", iv: lock.iv };
    const wrapping = await keyOf(code, lock);
    const kind = { name: "AES-GCM", length: 256 };
    const key = await crypto.subtle.generateKey(kind, true, USES);
    const wrapped = await crypto.subtle.wrapKey("raw", key, wrapping, how);
    return { ...lock, wrapped, key: await unwrappedBy(wrapping, wrapped, how) };
  }

  const unwrappedBy = (wrapping, wrapped, how) =>
    crypto.subtle.unwrapKey("raw", wrapped, wrapping, how, "AES-GCM", false, USES);

  // Returns the key, null for another code.
  async function unwrapped(lock, code) {
    const wrapping = await keyOf(code, lock);
    return unwrappedBy(wrapping, lock.wrapped, { name: "AES-GCM", iv: lock.iv }).catch(() => null);
  }

  const opened = (key) => store.put("vault", { name: "open", key, until: Date.now() + IDLE });

  // Returns the key while the phone is unlocked, null otherwise.
  async function open() {
    const row = await store.get("vault", "open");
    if (!row) return null;
    if (row.until > Date.now()) return row.key;
    await lock();
    return null;
  }

  const lock = () => store.remove("vault", "open");
  const wipe = () => store.clear(["vault", "copies", "rows"]);

  // Somebody uses the page: it stays unlocked as long again.
  async function touch() {
    const key = await open();
    if (key) await opened(key);
  }

  // A code typed where the server judges it: it opens what is there, or waits to be adopted.
  async function stage(code) {
    const known = await store.get("vault", "lock");
    const key = known && await unwrapped(known, code);
    if (key) {
      await opened(key);
      return;
    }
    await store.put("vault", { ...await made(code), name: "staged" });
  }

  const forget = () => store.remove("vault", "staged");

  // The server opened its pages to the code: it is now this phone's, and former copies go.
  async function adopt() {
    const staged = await store.get("vault", "staged");
    if (!staged) return;
    const { key, ...kept } = staged;
    await wipe();
    await store.put("vault", { ...kept, name: "lock", failures: 0 });
    await opened(key);
  }

  // A code typed without network. Returns {opened, left}: how many tries are left; 0 once wiped.
  async function attempt(code) {
    const known = await store.get("vault", "lock");
    if (!known) return { opened: false, left: 0 };
    // Counted before it is judged: closing the page in between gives no free try.
    const failures = (known.failures || 0) + 1;
    await store.put("vault", { ...known, failures });
    const key = await unwrapped(known, code);
    if (key) {
      await store.put("vault", { ...known, failures: 0 });
      await opened(key);
      return { opened: true, left: FAILURES };
    }
    if (failures >= FAILURES) await wipe();
    return { opened: false, left: Math.max(FAILURES - failures, 0) };
  }

  // --- sealed pages and rows: each is bound to its own name, so that none stands for another ------
  async function seal(key, name, value) {
    const iv = random(12);
    const how = { name: "AES-GCM", iv, additionalData: bytes(name) };
    return { iv, box: await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(value))) };
  }

  async function unseal(key, name, { iv, box }) {
    const how = { name: "AES-GCM", iv, additionalData: bytes(name) };
    return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, box)));
  }

  async function prune() {
    const limit = new Date(Date.now() - 2 * DAY).toISOString().slice(0, 10);
    const session = (path) => path.match(/^\/seances\/(\d+)\//)?.[1];
    const gone = await store.change("copies", (copies) => {
      const recent = [...copies].sort((a, b) => b.kept_at - a.kept_at);
      const out = recent.filter((copy, rank) => copy.on < limit || rank >= COPIES);
      return { remove: out.map((copy) => copy.path), give: out.map((copy) => session(copy.path)) };
    });
    await store.change("rows", (rows) => ({
      remove: rows.filter((row) => gone.includes(row.session)).map((row) => row.key),
    }));
  }

  // Keeps a roll asked for at `since`; nothing while the phone is locked.
  async function keep(path, on, page, since) {
    const key = await open();
    if (!key) return;
    const sealed = await seal(key, path, page);
    await store.put("copies", { path, on, kept_at: since, ...sealed });
    // Rows answered before it was asked for are in it.
    await store.change("rows", (rows) => ({
      remove: rows
        .filter((row) => path === `/seances/${row.session}/pointer/` && row.at < since)
        .map((row) => row.key),
    }));
    await prune();
  }

  // Returns the copy of a roll, null without one or while the phone is locked.
  async function copy(path) {
    const key = await open();
    const row = key && await store.get("copies", path);
    return row ? { ...await unseal(key, path, row), kept_at: row.kept_at } : null;
  }

  // Returns for how many milliseconds the copy of a roll has been there.
  async function age(path) {
    const row = await store.get("copies", path);
    return row ? Date.now() - row.kept_at : Infinity;
  }

  // Returns the rolls kept, the next ones first: {path, on, label}.
  async function rolls() {
    const key = await open();
    if (!key) return [];
    await prune();
    const rows = await store.all("copies");
    const told = rows.map(async (row) => {
      const { label, starts } = await unseal(key, row.path, row);
      return { path: row.path, on: row.on, label, starts };
    });
    return (await Promise.all(told)).sort((a, b) => a.starts.localeCompare(b.starts));
  }

  // A row answered since the copy was made.
  async function keepRow(session, enrolment, html) {
    const key = await open();
    if (!key) return;
    const name = `${session}:${enrolment}`;
    await store.put("rows", {
      key: name, session: String(session), enrolment, at: Date.now(), ...await seal(key, name, html),
    });
  }

  async function rowsOf(session) {
    const key = await open();
    if (!key) return [];
    const rows = (await store.all("rows")).filter((row) => row.session === String(session));
    return Promise.all(rows.map(async (row) => ({
      enrolment: row.enrolment, html: await unseal(key, row.key, row),
    })));
  }

  self.offline.vault = {
    adopt, age, attempt, copy, forget, keep, keepRow, lock, open, prune, rolls, rowsOf, stage, touch, wipe,
    has: async () => Boolean(await store.get("vault", "lock")),
  };
})();
