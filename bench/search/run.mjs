// Owns one run of query sets through the shipped client: reads jobs from a file, prints ranks, bytes and times as JSON.
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [folder, queriesFile, mode = "cold"] = process.argv.slice(2);
const module = await import(pathToFileURL(`${folder}/search.js`));
if (process.env.TUNE) Object.assign(module.TUNE, JSON.parse(process.env.TUNE));
const bodies = new Map(), sizes = new Map();
let asked = [];
const fetch = async (url) => {
  const name = url.split("/").at(-1);
  if (!bodies.has(name)) {
    const data = await readFile(`${folder}/${name}`);
    bodies.set(name, data);
    sizes.set(name, gzipSync(data, { level: 9 }).length);
  }
  asked.push(name);
  return new Response(bodies.get(name));
};
const queries = (await readFile(queriesFile, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
const opening = performance.now();
const warm = module.openSearch("x/", { fetch });
await warm.open();
const opened = performance.now() - opening;
const rows = [];
for (const { qid, text, relevant, kind } of queries) {
  if (mode === "cold") warm.forget?.();
  asked = [];
  const begin = performance.now();
  const results = await warm.search(text, { limit: 10 });
  const spent = performance.now() - begin;
  const rank = results.findIndex(({ id }) => relevant.some((one) => id.split("/").at(-1) === one));
  rows.push({ qid, text, kind, relevant, rank, count: results.length, excerpts: results.filter(({ excerpt }) => excerpt.length > 1 || excerpt[0]).length,
    requests: asked.length, bytes: asked.reduce((sum, name) => sum + sizes.get(name), 0), ms: spent, top: process.env.TOP ? results.slice(0, 5).map((r) => [r.id.split("/").at(-1), r.title, +r.score.toFixed(2)]) : undefined });
}
console.log(JSON.stringify({ opened, rows }));
