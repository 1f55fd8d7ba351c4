// Serves the pages of the roll and of the scales when the network is gone, from what an enrolled phone keeps sealed.
// Its first line, written by the server, names what to keep (autoprod/core/service_worker.py).
"use strict";

const { version, scripts, assets, page } = self.autoprod;
importScripts(...scripts);

const { vault } = self.offline;
const CACHE = `autoprod-${version}`;
const KEPT = new Set(assets);
// The pages that work without network: a roll, the scales of a garden.
const KEPT_PAGE = /^\/(?:seances\/\d+\/pointer|actions\/\d+\/jardin\/peser)\/$/;
// What ends the trust in a phone: nobody's name stays on it.
const ENDS = /^\/(?:deconnexion\/|mon-compte\/appareil\/.*retirer\/)$/;
const HEADER = "Autoprod-Offline";
// Milliseconds before a network that does not answer is as if there were none.
const PATIENCE = 6000;
const FRESH = 5 * 60 * 1000;

self.addEventListener("install", (event) => {
  // Without a session: what is kept in clear is what anybody may read.
  const asked = [...assets, page].map((url) => new Request(url, { credentials: "omit" }));
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(asked)).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("autoprod-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && ENDS.test(pathname)) event.waitUntil(vault.wipe());
  if (request.method !== "GET") return;
  if (KEPT.has(pathname)) event.respondWith(asset(request));
  else if (request.mode !== "navigate") return;
  else if (KEPT_PAGE.test(pathname)) event.respondWith(served(event, pathname));
  else event.respondWith(fetch(request).catch(sorry));
});

async function asset(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) || fetch(request);
}

// The page that asks for the code, or tells that what was asked for needs the network.
async function sorry() {
  const kept = await (await caches.open(CACHE)).match(page, { ignoreVary: true });
  return kept || Response.error();
}

async function served(event, path) {
  const since = Date.now();
  const network = fetch(event.request).then((answer) => {
    event.waitUntil(keep(path, answer.clone(), since));
    return answer;
  });
  const patience = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  const first = await Promise.race([network, patience]).catch(() => null);
  if (first) return first;
  const copy = await drawn(path);
  if (copy) {
    network.catch(() => null);
    return copy;
  }
  return network.catch(sorry);
}

// The copy of a page as the server answered it, its policy included, marked as a copy.
async function drawn(path) {
  const copy = await vault.copy(path).catch(() => null);
  if (!copy) return null;
  await vault.touch();
  const at = new Date(copy.kept_at).toISOString();
  const html = copy.html.replace("<head>", `<head><meta name="autoprod-copy" content="${at}">`);
  return new Response(html, {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": copy.policy,
      "Cache-Control": "no-store",
      "Referrer-Policy": "same-origin",
      "X-Frame-Options": "DENY",
    },
  });
}

async function keep(path, answer, since) {
  const said = answer.headers.get(HEADER);
  if (!answer.ok || answer.redirected || !said) return;
  if (said === "no") {
    await vault.wipe();
    await self.registration.unregister();
    return;
  }
  const { on, label, starts } = Object.fromEntries(new URLSearchParams(said));
  if (!on) return;
  const policy = answer.headers.get("Content-Security-Policy") || "default-src 'none'";
  await vault.keep(path, on, { html: await answer.text(), policy, label, starts }, since);
}

// Rolls to keep before they are needed, asked for by a page: {keep: [paths], first: path}.
self.addEventListener("message", (event) => {
  const { keep: paths, now } = event.data || {};
  if (Array.isArray(paths)) event.waitUntil(gather(paths.filter((path) => KEPT_PAGE.test(path)), now));
});

async function gather(paths, now) {
  if (!await vault.open()) return;
  for (const path of paths) {
    const last = await vault.age(path);
    if (path !== now && last < FRESH) continue;
    const since = Date.now();
    try {
      const headers = { [HEADER]: "keep" };
      await keep(path, await fetch(path, { headers, redirect: "manual" }), since);
    } catch {
      return;
    }
  }
}
