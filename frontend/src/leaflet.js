// The map, loaded only where a page has one, with leaflet.css beside it: `const L = await import("./leaflet.js")`.
export * from "leaflet/dist/leaflet-src.esm.js";
