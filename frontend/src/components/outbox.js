// Forms marked data-outbox="WHAT" are filled without a network too. They wait in the outbox on this device, in cipher, and go up
// once each when the network is back; what the platform refuses is kept and shown beside how things stand there.
// Markup: <form method="post" data-outbox="办结" data-draft="NAME">, nothing else; <body data-outbox-owner="…"> on pages of staff.
import { entryOf, send } from "../outbox/entry.js";
import { carried, carry, entries, forget, holdKey, holder, put, remove, usable } from "../outbox/store.js";
import { forget as forgetDraft } from "./draft.js";

const KEY = "/outbox/key/";
const EVERY = 20000;
const PATIENCE = 5000;

// Who is signed in on this page: "" for nobody, undefined where the page does not say (an error).
const owner = () => document.body.dataset.outboxOwner;

// Tell the service worker and wait until it has done so; one of an older build does not answer, so not for ever.
const tellWorker = async (words) => {
  const worker = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!worker) return;
  const { port1, port2 } = new MessageChannel();
  const done = new Promise((resolve) => (port1.onmessage = resolve));
  worker.postMessage(words, [port2]);
  await Promise.race([done, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
};

const labelOf = (field) =>
  (field.closest("fieldset")?.querySelector("legend") ?? document.querySelector(`label[for="${field.id}"]`) ?? field.closest("label"))
    ?.firstChild?.textContent.trim() ?? field.name;
const valueOf = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? (field.closest("label")?.textContent.trim() ?? field.value) : "";
  if (field.tagName === "SELECT") return [...field.selectedOptions].filter((option) => option.value).map((option) => option.text.trim()).join("、");
  return field.type === "file" ? [...field.files].map((file) => file.name).join("、") : field.value.trim();
};
// What stands in a form in the words of its page, so that it can be read again without the page.
const shownOf = (form) =>
  [...form.elements].filter((field) => field.name && !field.name.startsWith("_outbox") && !["hidden", "submit", "button", "fieldset"].includes(field.type))
    .map((field) => [labelOf(field), valueOf(field)]).filter(([, value]) => value);

const hidden = (form, name, value) => {
  const field = form.querySelector(`input[name="${name}"]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
};
const mark = (form) => {
  hidden(form, "_outbox", crypto.randomUUID());
  hidden(form, "_outbox_label", form.dataset.outbox);
  hidden(form, "_outbox_shown", JSON.stringify(shownOf(form)));
  hidden(form, "_outbox_draft", form.dataset.draft ?? "");
};

const credentials = async () => {
  try {
    const answer = await fetch(KEY, { redirect: "manual", credentials: "same-origin", cache: "no-store" });
    return answer.ok ? await answer.json() : { why: "sign_in" };
  } catch {
    return { why: "offline" };
  }
};

const changed = () => document.dispatchEvent(new Event("outbox"));

// Send what waits, the oldest first; one tab at a time. Without a network the rest is left for later.
const sendAll = (again = []) =>
  navigator.locks.request("outbox", { ifAvailable: true }, async (lock) => {
    const mine = lock && (await holder());
    const waiting = mine ? (await entries(mine)).filter((entry) => entry.state === "waiting" || again.includes(entry.id)) : [];
    if (!waiting.length) return;
    const given = await credentials();
    const why = given.why ?? (given.owner === mine.owner ? "" : "sign_in");
    for (const entry of waiting) {
      const outcome = why ? { state: "waiting", why } : await send(entry, given);
      await put(mine, { ...entry, ...outcome });
      changed();
      if (outcome.why === "offline") return;
    }
  });

const leave = async () => {
  await forget();
  await tellWorker("forget");
};

// On a page of staff: hold the key, keep the outbox page, carry the list of what waits, send what waits.
const attend = async () => {
  const held = await holder();
  if (held?.owner !== owner()) {
    if (held) await leave();
    const given = await credentials();
    if (given.key) await holdKey(given);
  }
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  await tellWorker("keep");
  const list = document.getElementById("outbox-list");
  const mine = await holder();
  if (list && mine) await carry(mine, JSON.parse(list.textContent));
  document.body.dataset.outboxReady = "";
  changed();
  await sendAll();
};

const begin = () => {
  if (!usable() || !navigator.serviceWorker) return;
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-outbox]")) mark(event.target);
  }, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-leave]") || event.target.dataset.left) return;
    event.preventDefault();
    event.target.dataset.left = "yes";
    leave().finally(() => event.target.submit());
  });
  addEventListener("online", () => sendAll());
  setInterval(() => sendAll(), EVERY);
  if (owner()) attend();
  else if (owner() === "") leave();
};

export default (Alpine) => {
  begin();

  // The number in the frame of every page of staff.
  Alpine.data("outboxCount", () => ({
    count: 0,
    refused: false,
    get some() {
      return this.count > 0;
    },
    init() {
      const look = async () => {
        const mine = usable() && (await holder());
        const open = mine ? (await entries(mine)).filter((entry) => entry.state !== "taken") : [];
        this.count = open.length;
        this.refused = open.some((entry) => entry.state === "refused");
      };
      document.addEventListener("outbox", look);
      look();
    },
  }));

  // The outbox page: entries with their state, forms to fill, the list carried along.
  Alpine.data("outbox", () => ({
    entries: [],
    matters: [],
    chosen: "",
    known: false,
    offline: !navigator.onLine,
    get none() {
      return this.known && !this.entries.length;
    },
    get locked() {
      return !this.known;
    },
    get noMatters() {
      return !this.matters.length;
    },
    // The matter that is chosen: which forms may be filled for it.
    get may() {
      return this.matters.find((one) => one.id === this.chosen) ?? {};
    },
    init() {
      const kept = new URLSearchParams(location.search).get("kept");
      if (kept) forgetDraft(kept);
      document.addEventListener("outbox", () => this.look());
      for (const name of ["online", "offline"]) addEventListener(name, () => (this.offline = !navigator.onLine));
      this.look();
    },
    async look() {
      const mine = usable() && (await holder());
      this.known = Boolean(mine);
      if (!mine) return;
      this.entries = (await entries(mine)).reverse().map((entry) => this.told(entry));
      this.matters = await carried(mine);
    },
    told(entry) {
      const { waiting, taken, refused, offline, sign_in, trouble } = this.$root.dataset;
      const whys = { offline, sign_in, trouble };
      return {
        ...entry,
        when: new Date(entry.at).toLocaleString(document.documentElement.lang === "en" ? "en" : "zh-CN", { dateStyle: "short", timeStyle: "short" }),
        said: { waiting, taken, refused }[entry.state],
        why: entry.state === "waiting" ? (whys[entry.why] ?? "") : "",
        isRefused: entry.state === "refused",
        isTaken: entry.state === "taken",
        isWaiting: entry.state === "waiting",
        lines: entry.shown.map(([label, value]) => ({ label, value })),
        page: entry.url.replace(/\/[a-z_]+\/(\?.*)?$/, "/"),
      };
    },
    again(event) {
      sendAll([event.currentTarget.dataset.id]);
    },
    async remove(event) {
      await remove(event.currentTarget.dataset.id);
      changed();
    },
    sendNow() {
      sendAll();
    },
    // A form of this page is put into the outbox at once, and goes up from there.
    async fill(event) {
      event.preventDefault();
      const form = event.target;
      const mine = await holder();
      if (!form.reportValidity() || !mine) return;
      mark(form);
      const url = new URL(form.dataset.to.replace("CODE", this.may.code), location.origin).href;
      await put(mine, { ...(await entryOf(url, new FormData(form))), label: this.labelled(form) });
      if (form.dataset.draft) forgetDraft(form.dataset.draft);
      form.reset();
      changed();
      await sendAll();
    },
    labelled(form) {
      return form.dataset.to.includes("CODE") ? `${form.dataset.outbox}：${this.may.title}` : form.dataset.outbox;
    },
  }));
};
