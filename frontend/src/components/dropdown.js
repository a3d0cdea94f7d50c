// A <details> menu that closes when the reader goes elsewhere or presses Escape. Without script it still opens and closes.
export default (Alpine) =>
  Alpine.data("dropdown", () => ({
    init() {
      const menu = this.$el;
      this.away = (event) => {
        if (!menu.contains(event.target)) menu.open = false;
      };
      document.addEventListener("click", this.away);
      menu.addEventListener("focusout", (event) => {
        if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
      });
      menu.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    },
    destroy() {
      document.removeEventListener("click", this.away);
    },
  }));
