// Bundles scripts and styles into static/dist; nothing is fetched from anywhere when a page opens.
import { copyFile, mkdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const out = "static/dist";
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  entryPoints: ["browser/app.js", "browser/map.js", "browser/app.css", "browser/map.css"],
  bundle: true,
  format: "esm",
  legalComments: "eof",
  loader: { ".svg": "dataurl" },
  minify: true,
  outdir: out,
  target: "es2022",
});
await copyFile("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", `${out}/map-worker.js`);
await copyFile("node_modules/maplibre-gl/LICENSE.txt", `${out}/maplibre-gl-LICENSE.txt`);
await copyFile("browser/icon.svg", `${out}/icon.svg`);

// the letters of PDFs, which `search` writes without the pages
const fonts = "../search/fonts";
await mkdir(fonts, { recursive: true });
for (const file of ["ttf/DejaVuSans.ttf", "ttf/DejaVuSans-Bold.ttf", "LICENSE"]) {
  await copyFile(`node_modules/dejavu-fonts-ttf/${file}`, `${fonts}/${file.replace("ttf/", "")}`);
}
