// Draws the district's own outline: GeoJSON in plain x and y, no tiles, no request off this machine.
// A feature may carry name, value, href, and level (0 to 4, the darker the more).
const ROOM = 64;
const style = (feature) => ({ className: `area area-${feature.properties.level ?? 0}`, weight: 1.5 });

export default (Alpine) =>
  Alpine.data("districtMap", () => ({
    async init() {
      const geojson = JSON.parse(document.getElementById(this.$root.dataset.map).textContent);
      await styled();
      const L = await import("./leaflet.js");
      const map = L.map(this.$refs.canvas, { crs: L.CRS.Simple, attributionControl: false, minZoom: -8, zoomSnap: 0.25, scrollWheelZoom: false });
      const areas = L.geoJSON(geojson, { style, onEachFeature: label(L), pointToLayer: dot(L) }).addTo(map);
      // The observer calls at once and at every change; a frame without room, such as a folded one, has no zoom that fits.
      new ResizeObserver(([{ contentRect: room }]) => {
        if (Math.min(room.width, room.height) < ROOM) return;
        map.invalidateSize({ animate: false }).fitBounds(areas.getBounds(), { padding: [12, 12], animate: false });
      }).observe(this.$refs.canvas);
    },
  }));

const styled = () =>
  new Promise((done) => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL("./leaflet.css", import.meta.url);
    sheet.onload = sheet.onerror = done;
    document.head.prepend(sheet);
  });

const dot = (L) => (feature, place) => L.circleMarker(place, { radius: 7, className: `area spot area-${feature.properties.level ?? 4}` });

const label = (L) => (feature, layer) => {
  const { name, value, href } = feature.properties;
  const words = document.createElement("span");
  words.textContent = value === undefined ? name : `${name}\n${value}`;
  layer.bindTooltip(words, { permanent: feature.geometry.type !== "Point", direction: "center", className: "area-name" });
  if (href) layer.on("click", () => window.location.assign(href));
};
