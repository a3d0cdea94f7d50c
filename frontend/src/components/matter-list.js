// Keys of a list: j and k go down and up, Enter follows the link that has the focus, / goes to the search, ? opens the help.
const typing = (target) => target.closest("input, textarea, select, dialog, [contenteditable]");

const go = (list, step) => {
  const rows = [...list.querySelectorAll("[data-row]")];
  const here = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(here + step, 0), rows.length - 1)]?.focus();
};

const help = () => {
  const folded = [...document.querySelectorAll("main details:has(kbd)")].at(-1);
  if (!folded) return;
  folded.open = true;
  folded.querySelector("summary").focus();
};

export default (Alpine) =>
  Alpine.data("matterList", () => ({
    init() {
      const list = this.$root;
      this.pressed = (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
        if (event.key === "j") go(list, 1);
        else if (event.key === "k") go(list, -1);
        else if (event.key === "?") help();
        else if (event.key === "/") document.querySelector("main input[type=search]")?.focus();
        else return;
        event.preventDefault();
      };
      document.addEventListener("keydown", this.pressed);
    },
    destroy() {
      document.removeEventListener("keydown", this.pressed);
    },
    all() {
      const boxes = [...this.$root.querySelectorAll("input[name=code]")];
      const every = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !every;
    },
  }));
