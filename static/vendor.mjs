// Copies the third-party files that the pages load from node_modules/ to static/vendor/ (never committed).
// Run by `npm run vendor`; running it again gives the same folder.
import { cp, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const from = join(here, "..", "node_modules");
const to = join(here, "vendor");

const weights = [400, 600, 700];
const fonts = weights.flatMap((weight) => [
  ["@fontsource/be-vietnam-pro", `be-vietnam-pro-latin-${weight}-normal.woff2`],
  ["@fontsource/be-vietnam-pro", `be-vietnam-pro-vietnamese-${weight}-normal.woff2`],
  ["@fontsource/inter", `inter-latin-${weight}-normal.woff2`],
]);

const files = [
  ...fonts.map(([name, file]) => [`${name}/files/${file}`, `fonts/${file}`]),
  ["@fontsource/be-vietnam-pro/LICENSE", "fonts/be-vietnam-pro-LICENSE"],
  ["@fontsource/inter/LICENSE", "fonts/inter-LICENSE"],
  ["zxing-wasm/dist/es/reader/index.js", "zxing/reader/index.js"],
  ["zxing-wasm/dist/es/share.js", "zxing/share.js"],
  ["zxing-wasm/dist/reader/zxing_reader.wasm", "zxing/zxing_reader.wasm"],
];

await rm(to, { recursive: true, force: true });
for (const [source, target] of files) {
  await mkdir(dirname(join(to, target)), { recursive: true });
  await cp(join(from, source), join(to, target));
}
console.log(`static/vendor: ${files.length} files`);
