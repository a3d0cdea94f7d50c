// Puts a topic chosen from the full list among the suggested ones, picked.
export default (Alpine) =>
  Alpine.data("topicPicker", () => ({
    init() {
      this.$el.addEventListener("change", () => this.pick(this.$el));
    },
    pick(select) {
      const box = select.closest("[data-topics]");
      const option = select.selectedOptions[0];
      if (!select.value || !box) return;
      let radio = [...box.querySelectorAll("input[type=radio]")].find((known) => known.value === select.value);
      if (!radio) {
        const line = box.querySelector("label").cloneNode(true);
        radio = line.querySelector("input");
        radio.value = select.value;
        line.querySelector("span").textContent = option.textContent;
        box.querySelector("label").before(line);
      }
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
    },
  }));
