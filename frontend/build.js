// Builds qianxian/web/static/built from src/. Pages load app.css and app.js; the others only where they are needed.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const built = join(here, "..", "qianxian", "web", "static", "built");

// `import components from "components"`: the default export of every file in src/components, in order of name.
const componentsByName = {
  name: "components",
  setup(plugin) {
    plugin.onResolve({ filter: /^components$/ }, ({ path }) => ({ path, namespace: "components" }));
    plugin.onLoad({ filter: /.*/, namespace: "components" }, () => {
      const files = readdirSync(join(source, "components")).filter((name) => name.endsWith(".js")).sort();
      const imports = files.map((name, number) => `import c${number} from "./components/${name}";`);
      const names = files.map((_, number) => `c${number}`);
      return { contents: [...imports, `export default [${names}];`].join("\n"), resolveDir: source };
    });
  },
};

rmSync(built, { recursive: true, force: true });
await build({
  entryPoints: ["app.js", "echarts.js", "leaflet.js", "leaflet.css"].map((name) => join(source, name)),
  outdir: built,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  external: ["./echarts.js", "./leaflet.js"],
  loader: { ".png": "file" },
  assetNames: "images/[name]",
  legalComments: "linked",
  plugins: [componentsByName],
  logLevel: "warning",
});
// The service worker is a classic script of its own: the platform hands it out at /sw.js with its addresses before it.
await build({
  entryPoints: [join(source, "sw.js")],
  outdir: built,
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  logLevel: "warning",
});
const tailwind = join(here, "node_modules", "@tailwindcss", "cli", "dist", "index.mjs");
execFileSync(process.execPath, [tailwind, "--input", join(source, "app.css"), "--output", join(built, "app.css"), "--minify"], {
  cwd: here,
  stdio: ["ignore", "ignore", "inherit"],
});

// Only for browser tests, which put it into a page themselves; no page refers to it.
const axe = join(here, "node_modules", "axe-core", "axe.min.js");
if (existsSync(axe)) cpSync(axe, join(built, "axe.js"));
