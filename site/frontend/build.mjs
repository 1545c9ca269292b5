// Builds ../static/editor from src, and built.json, which tells what was built from what.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "..", "static", "editor");

const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");
const hashes = (folder, names) => Object.fromEntries(names.sort().map((name) => [name, hash(join(folder, name))]));

/** The packages of which something is in the bundle, by their folder under node_modules. */
function packagesIn(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((made) => Object.keys(made.inputs));
  const names = inputs.map((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return [...new Set(names.filter(Boolean))].sort();
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} has no licence text`);
  return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

const { metafile } = await build({
  absWorkingDir: here, entryPoints: ["src/editor.ts"], outfile: join(output, "editor.js"), bundle: true, minify: true,
  format: "esm", target: "es2022", charset: "utf8", legalComments: "none", metafile: true,
});
const packages = packagesIn(metafile);
const rule = `\n${"-".repeat(80)}\n\n`;
writeFileSync(join(output, "LICENSES.txt"), `editor.js contains these packages:\n${rule}${packages.map(licence).join(rule)}`);

const sources = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json",
  ...readdirSync(join(here, "src")).map((name) => `src/${name}`)];
const built = { sources: hashes(here, sources), outputs: hashes(output, ["editor.js", "LICENSES.txt"]) };
writeFileSync(join(here, "built.json"), `${JSON.stringify(built, null, 2)}\n`);
