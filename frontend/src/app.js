// Everything that every page needs: htmx with live events, and Alpine in the build that a strict content policy allows.
import htmx from "htmx.org";
import "htmx-ext-sse";
import Alpine from "@alpinejs/csp";
import components from "components";

window.htmx = htmx;
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
// Styles are not carried over to what comes in: the content policy forbids style attributes, an empty one too.
htmx.config.attributesToSettle = ["class", "width", "height"];

// A file src/components/matter-list.js that exports `default (Alpine) => …` registers itself there; no list to keep.
for (const register of components) register(Alpine);

window.Alpine = Alpine;
Alpine.start();
