// The service worker. It keeps what is the same for everybody (styles, scripts, icons: addresses that change with every build)
// and one page without anybody's data, the outbox. Pages of people are never kept. A form marked for the outbox that the
// network does not carry is enciphered into it. `STATIC` and `OUTBOX` are put before this text by the platform.
import { entryOf } from "./outbox/entry.js";
import { holder, put, usable } from "./outbox/store.js";

const { STATIC, OUTBOX, ASSETS } = self.PLATFORM;
const CACHE = `static ${STATIC}`, PAGE = "outbox page";

self.addEventListener("install", (event) =>
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)).then(() => self.skipWaiting())));

self.addEventListener("activate", (event) =>
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE && name !== PAGE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim())));

const kept = async (request) => {
  const found = await caches.match(request);
  if (found) return found;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(CACHE)).put(request, answer.clone());
  return answer;
};

const BARE = "<!doctype html><html lang='zh-Hans'><meta charset='utf-8'><meta name='viewport' content='width=device-width'>" +
  "<title>没有网络</title><h1>没有网络 · No network</h1><p>返回上一页，填的内容还在；有网络后再提交。</p><p>Go back: what you typed is still there.</p></html>";

const withoutNetwork = async () =>
  (await caches.match(OUTBOX, { ignoreSearch: true })) ?? new Response(BARE, { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });

const asked = async (request) => {
  try {
    return await fetch(request);
  } catch {
    return withoutNetwork();
  }
};

const posted = async (request) => {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const mine = usable() && (await holder());
    const entry = mine && (await entryOf(request.url, await copy.formData()));
    if (!entry) return withoutNetwork();
    await put(mine, entry);
    return Response.redirect(`${OUTBOX}?kept=${encodeURIComponent(entry.draft)}`, 303);
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (pathname.startsWith(STATIC)) event.respondWith(kept(request));
  else if (request.mode === "navigate") event.respondWith(request.method === "POST" ? posted(request) : asked(request));
});

// A page of a signed-in member of staff asks for the outbox page to be kept; signing out, for it to be forgotten. Both are
// told when it is done.
self.addEventListener("message", (event) => {
  const deed = { keep, forget: () => caches.delete(PAGE) }[event.data];
  if (deed) event.waitUntil(deed().finally(() => event.ports[0]?.postMessage("done")));
});
const keep = async () => {
  const answer = await fetch(OUTBOX, { credentials: "same-origin" }).catch(() => undefined);
  if (answer?.ok && !answer.redirected) await (await caches.open(PAGE)).put(OUTBOX, answer);
};
