// Owns one run of a query set through the shipped client: ranks, bytes, requests and times as JSON. Node 18 or newer.
//   node run.mjs INDEX QUERIES           each query with nothing loaded but the head, as a customer's first one
import { readFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [folder, queriesFile] = process.argv.slice(2);
const client = await import(pathToFileURL(`${folder}/search.js`));
const files = new Map();
let asked = [];
const fetch = async (url) => {
  const name = url.split("/").at(-1);
  if (!files.has(name)) {
    const data = await readFile(`${folder}/${name}`);
    files.set(name, { data, size: gzipSync(data, { level: 9 }).length });
  }
  asked.push(name);
  return new Response(files.get(name).data);
};
const total = () => asked.reduce((sum, name) => sum + files.get(name).size, 0);

const queries = (await readFile(queriesFile, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
const begin = performance.now();
const portal = client.openSearch("x", { fetch });
await portal.open();
const opened = performance.now() - begin;
const rows = [];
for (const { text, relevant, kind } of queries) {
  portal.forget();
  asked = [];
  const results = await portal.search(text, { limit: 10 });
  const row = { kind, text, count: results.length, requests: asked.length, bytes: total() };
  const again = performance.now();
  await portal.search(text, { limit: 10 });
  row.ms = performance.now() - again; // with its shards here, as while one types on
  row.rank = results.findIndex(({ id }) => relevant.includes(id.split("/").at(-1)));
  if (process.env.TOP) row.top = results.slice(0, 5).map(({ id, title, score }) => [id.split("/").at(-1), title, Number(score.toFixed(2))]);
  rows.push(row);
}

// One customer: three queries one after the other, everything counted.
portal.forget();
const session = client.openSearch("x", { fetch });
asked = [];
for (const { text } of queries.filter((_, place) => place % Math.ceil(queries.length / 3) === 0).slice(0, 3)) await session.search(text, { limit: 10 });
const code = gzipSync(await readFile(`${folder}/search.js`), { level: 9 }).length;
console.log(JSON.stringify({ opened, rows, session: total() + code }));
