// One key for one deed: a control with data-key="j" is pressed by J, wherever the focus is, unless somebody types.
export default (Alpine) =>
  Alpine.data("keys", () => ({
    init() {
      this.heard = (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
        const control = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
        if (!control) return;
        event.preventDefault();
        control.click();
      };
      document.addEventListener("keydown", this.heard);
    },
    destroy() {
      document.removeEventListener("keydown", this.heard);
    },
  }));
