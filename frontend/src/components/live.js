// Parts of a page marked data-live are asked for anew when the platform says that something has changed; the mark holds
// the address to ask where the page itself may be the answer to a form.
// What somebody is typing into is left alone; where the stream cannot be had, the page asks every half minute.
const SETTLE = 800;
const SHOWN = 2500;
const ASK = 30000;

// A field that somebody has changed: ticked, chosen or typed into.
const touched = (field) =>
  field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;

const busy = (part) =>
  (part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) ||
  document.querySelector("dialog[open]") !== null ||
  [...part.querySelectorAll("input, textarea")].some(touched);

export default (Alpine) =>
  Alpine.data("live", () => ({
    broken: false,
    fresh: false,
    get speaks() {
      return this.broken || this.fresh;
    },
    init() {
      this.parts = () => [...document.querySelectorAll("[data-live][id]")];
      if (!this.parts().length) return;
      this.stream = new EventSource(this.$root.dataset.url);
      this.stream.onopen = () => this.mended();
      this.stream.onerror = () => this.lost();
      this.stream.addEventListener("changed", () => this.soon());
      this.stream.addEventListener("resync", () => this.soon());
    },
    destroy() {
      this.stream?.close();
      clearInterval(this.asking);
    },
    mended() {
      if (this.broken) this.soon();
      this.broken = false;
      clearInterval(this.asking);
      this.asking = undefined;
    },
    lost() {
      this.broken = true;
      this.asking ??= setInterval(() => this.renew(), ASK);
    },
    soon() {
      clearTimeout(this.waiting);
      this.first ??= Date.now();
      this.waiting = setTimeout(() => this.renew(), Date.now() - this.first > SETTLE ? 0 : SETTLE / 4);
    },
    renew() {
      this.first = undefined;
      for (const part of this.parts().filter((part) => !busy(part))) {
        const select = `#${part.id}`;
        window.htmx.ajax("GET", part.dataset.live || window.location.href, { target: select, select, swap: "outerHTML", source: part });
      }
      this.fresh = true;
      setTimeout(() => (this.fresh = false), SHOWN);
    },
  }));
