// Charts, loaded only where a page has one: `const echarts = await import("./echarts.js")` from a component.
export * from "echarts/core";
import { BarChart, GaugeChart, HeatmapChart, LineChart, MapChart, PieChart, SankeyChart, ScatterChart, TreeChart, TreemapChart } from "echarts/charts";
import {
  AriaComponent, CalendarComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent,
  TitleComponent, ToolboxComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  BarChart, GaugeChart, HeatmapChart, LineChart, MapChart, PieChart, SankeyChart, ScatterChart, TreeChart, TreemapChart,
  AriaComponent, CalendarComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent, MarkLineComponent,
  TitleComponent, ToolboxComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, SVGRenderer,
]);
