// Refuses a file that is too large before it travels; data-most in bytes, data-too-big is the sentence.
export default (Alpine) =>
  Alpine.data("filePicker", () => ({
    sentence: "",
    init() {
      const input = this.$root.querySelector("input[type=file]");
      input?.addEventListener("change", () => {
        const tooBig = [...input.files].some((file) => file.size > Number(this.$root.dataset.most));
        this.sentence = tooBig ? this.$root.dataset.tooBig : "";
        if (tooBig) input.value = "";
      });
    },
  }));
