// Draws the ECharts option that stands beside it as JSON, in the colours and type of the page. Tooltips are drawn as text: no inline style.
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();

// ECharts does not read oklch(): the canvas does, and answers in sRGB.
const rgb = (name) => {
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.fillStyle = colour(name);
  pen.fillRect(0, 0, 1, 1);
  return `rgb(${[...pen.getImageData(0, 0, 1, 1).data].slice(0, 3).join(",")})`;
};

const dressed = (option) => {
  const page = getComputedStyle(document.body);
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.875;
  return {
    color: ["primary", "accent", "secondary", "warning", "success", "neutral"].map(rgb),
    textStyle: { fontFamily: page.fontFamily, fontSize: size, color: rgb("base-content") },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    // Series are told apart by pattern too; one alone needs none.
    aria: { enabled: true, decal: { show: [option.series].flat().length > 1 } },
    ...option,
    tooltip: { trigger: "axis", ...option.tooltip, renderMode: "richText" },
  };
};

export default (Alpine) =>
  Alpine.data("chart", () => ({
    async init() {
      const option = JSON.parse(document.getElementById(this.$root.dataset.chart).textContent);
      const echarts = await import("./echarts.js");
      this.drawn = Alpine.raw(echarts.init(this.$refs.canvas));
      Alpine.raw(this.drawn).setOption(dressed(option));
      new ResizeObserver(() => Alpine.raw(this.drawn).resize()).observe(this.$refs.canvas);
    },
    destroy() {
      Alpine.raw(this.drawn)?.dispose();
    },
  }));
