// A form made by an XLSForm, being filled: what is asked, reckoned, offered and repeated follows the answers, without a network too.
// Markup: <form x-data="surveyForm"> with [data-node=ADDRESS] around each question and the definition as JSON (#definition, #fixed).
// The server reckons and checks everything again.
import { add, evaluate, node, number, text, truth } from "../forms/xpath.js";

const PLACEHOLDER = "＃";
const pathOf = (address) => address.replace(/\[[^\]]*\]/g, "");
const json = (id) => JSON.parse(document.getElementById(id).textContent);
const grown = (shape) => node(shape.name, shape.text, shape.children.map(grown));
const controlsOf = (body) => body.flatMap((one) => [one, ...controlsOf(one.children ?? [])]);
const worded = (label, language) => (label ? (label[language] ?? label.default ?? Object.values(label)[0] ?? []) : []);

export default (Alpine) => {
  Alpine.data("surveyForm", () => ({
    init() {
      this.definition = json("definition");
      this.fixed = json("fixed");
      this.controls = new Map(controlsOf(this.definition.body).map((one) => [one.ref, one]));
      const lists = {}, names = {};
      for (const [name, one] of Object.entries(this.definition.lists)) {
        const items = one.items.map((item) => node("item", "", Object.entries(item.columns).map(([column, value]) => node(column, value))));
        lists[name] = node(name, "", [node("root", "", items)]);
        for (const item of one.items) names[item.columns.name] ??= worded(item.label, this.$root.dataset.language).join("");
      }
      this.world = { now: new Date(), lists, names };
      this.$root.addEventListener("input", () => this.settle());
      this.$root.addEventListener("change", () => this.settle());
      this.$root.addEventListener("click", (event) => this.clicked(event));
      this.$root.addEventListener("submit", (event) => this.submitted(event), true);
      this.settle();
    },
    clicked(event) {
      const button = event.target.closest("[data-add], [data-drop]");
      if (!button) return;
      const repeat = button.closest("[data-repeat]");
      if ("drop" in button.dataset) button.closest("[data-round]").remove();
      else this.open(repeat).querySelector("input, select, textarea")?.focus();
      this.renumber(repeat);
      this.settle();
    },
    rounds(repeat) {
      return [...repeat.children].filter((one) => "round" in one.dataset);
    },
    open(repeat) {
      const template = [...repeat.children].find((one) => one.tagName === "TEMPLATE");
      const fresh = template.content.firstElementChild.cloneNode(true);
      template.before(fresh);
      return fresh;
    },
    // After a round came or went, each is named by its place again.
    renumber(repeat) {
      const { repeat: address } = repeat.dataset;
      const begins = new RegExp(`${address.replace(/[/[\].]/g, "\\$&")}\\[[^\\]]*\\]`);
      this.rounds(repeat).forEach((round, place) => {
        for (const one of [round, ...round.querySelectorAll("*")])
          for (const name of ["name", "id", "for", "data-node", "data-repeat", "aria-describedby"]) {
            const held = one.getAttribute(name);
            if (held === null) continue;
            const id = `f${address.replaceAll("/", "-").replaceAll("[", ".").replaceAll("]", "")}`;
            const dotted = new RegExp(`${id.replace(/[-.]/g, "\\$&")}\\.(\\d+|${PLACEHOLDER})`);
            one.setAttribute(name, held.replace(begins, `${address}[${place + 1}]`).replace(dotted, `${id}.${place + 1}`));
          }
      });
    },
    answerOf(address) {
      const path = pathOf(address);
      if (path in this.fixed) return this.fixed[path];
      const fields = [...this.$root.elements].filter((one) => one.name === address);
      if (!fields.length) return undefined;
      if (["radio", "checkbox"].includes(fields[0].type)) return fields.filter((one) => one.checked).map((one) => one.value).join(" ");
      return fields[0].type === "file" ? (fields[0].files[0]?.name ?? "") : fields[0].value.trim();
    },
    // The tree of answers as the page stands; `nodes` by address.
    tree() {
      const nodes = new Map();
      const build = (shape, address, parent) => {
        const made = node(shape.name, this.answerOf(address) ?? shape.text);
        if (parent) add(parent, made);
        nodes.set(address, made);
        for (const child of shape.children) {
          const at = `${address}/${child.name}`;
          if (!child.repeat) build(child, at, made);
          else {
            const repeat = this.$root.querySelector(`[data-repeat="${CSS.escape(at)}"]`);
            const count = repeat ? this.rounds(repeat).length : 0;
            for (let place = 1; place <= count; place += 1) build(child, `${at}[${place}]`, made);
          }
        }
        return made;
      };
      build(this.definition.instance, `/${this.definition.root}`);
      return nodes;
    },
    reckon(nodes) {
      for (let pass = 0; pass < 12; pass += 1) {
        let changed = false;
        for (const [address, one] of nodes) {
          const bind = this.definition.binds[pathOf(address)];
          if (bind?.relevant) {
            const asked = truth(evaluate(bind.relevant, one, this.world));
            changed ||= asked !== one.relevant;
            one.relevant = asked;
          }
          if (bind?.calculate) {
            const found = evaluate(bind.calculate, one, this.world);
            const written = Number.isNaN(found) ? "" : text(found);
            changed ||= written !== one.text;
            one.text = written;
          }
        }
        if (!changed) return;
      }
    },
    settle() {
      let nodes = this.tree();
      this.reckon(nodes);
      if (this.count(nodes)) {
        nodes = this.tree();
        this.reckon(nodes);
      }
      this.nodes = nodes;
      for (const place of this.$root.querySelectorAll("[data-node]")) {
        const one = nodes.get(place.dataset.node);
        if (one) this.show(place, one);
      }
    },
    // Repeats whose number of rounds is reckoned get just so many.
    count(nodes) {
      let changed = false;
      for (const repeat of this.$root.querySelectorAll("[data-repeat][data-counted]")) {
        const control = this.controls.get(repeat.dataset.ref);
        const holder = nodes.get(repeat.dataset.repeat.replace(/\/[^/]*$/, ""));
        const wanted = Math.min(200, Math.max(0, Math.trunc(number(evaluate(control.count, holder, this.world)) || 0)));
        while (this.rounds(repeat).length > wanted) this.rounds(repeat).at(-1).remove();
        while (this.rounds(repeat).length < wanted) this.open(repeat);
        changed = true;
        this.renumber(repeat);
      }
      return changed;
    },
    show(place, one) {
      place.hidden = !one.relevant;
      const control = this.controls.get(pathOf(place.dataset.node));
      const bind = this.definition.binds[pathOf(place.dataset.node)];
      if (bind?.calculate) for (const field of place.querySelectorAll("input")) field.value = one.text;
      const label = worded(control?.label, this.$root.dataset.language);
      if (label.some((part) => typeof part !== "string"))
        place.querySelector("[data-label]").textContent = label.map((part) => (typeof part === "string" ? part : text(evaluate(part.value, one, this.world)))).join("").trim();
      if (control?.from) this.offer(place, control, one);
    },
    offer(place, control, one) {
      if (!control.from[2].some(([, predicates]) => predicates.length)) return;
      const offered = evaluate(control.from, one, this.world).map((item) => item.children.find((column) => column.name === control.value)?.text);
      for (const choice of place.querySelectorAll("[data-choice]")) {
        choice.hidden = !offered.includes(choice.dataset.choice);
        if (choice.hidden) choice.querySelector("input").checked = false;
      }
    },
    // What is plainly wrong is said before anything is sent or put by.
    submitted(event) {
      this.settle();
      const { required, constraint, number: numeric } = this.$root.dataset;
      let first;
      for (const place of this.$root.querySelectorAll("[data-node][data-ref]")) {
        const one = this.nodes.get(place.dataset.node), bind = this.definition.binds[place.dataset.ref] ?? {};
        const said = place.querySelector("[data-wrong]");
        if (!one || !said) continue;
        let wrong = "";
        if (!place.closest("[hidden]")) {
          if (!one.text) wrong = bind.required && truth(evaluate(bind.required, one, this.world)) ? bind.requiredMsg || required : "";
          else if (["int", "decimal"].includes(bind.type) && Number.isNaN(Number(one.text))) wrong = numeric;
          else if (bind.constraint && !truth(evaluate(bind.constraint, one, this.world))) wrong = bind.constraintMsg || constraint;
        }
        said.textContent = wrong;
        said.hidden = !wrong;
        const field = place.querySelector("input, textarea, select");
        field?.toggleAttribute("aria-invalid", Boolean(wrong));
        if (wrong) {
          field?.setAttribute("aria-invalid", "true");
          field?.setAttribute("aria-describedby", said.id);
          first ??= field;
        }
      }
      if (!first) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      first.focus();
    },
  }));
};
