// Owns the peers: the same documents and queries through lunr, Material's worker or Pagefind's client. Prints JSON rows.
//   node peers.mjs lunr|material|pagefind TOOLS DOCS QUERIES LANGUAGE [SITE]
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

const [peer, tools, docsFile, queriesFile, language, site] = process.argv.slice(2);
const lines = async (file) => (await readFile(file, "utf8")).trim().split("\n").map((line) => JSON.parse(line));
const docs = await lines(docsFile), queries = await lines(queriesFile);

async function lunrSearch() {
  const lunr = createRequire(`${tools}/`)("lunr");
  const index = lunr((builder) => {
    builder.ref("id");
    builder.field("title", { boost: 10 });
    builder.field("body");
    for (const doc of docs) builder.add(doc);
  });
  return (text) => {
    const plain = text.replace(/[:~^*+-]/g, " ");
    return index.search(plain).slice(0, 10).map(({ ref }) => ref);
  };
}

/** Material's own worker, in a world that looks like one. */
async function materialSearch() {
  const { MATERIAL: folder } = process.env;
  let answer;
  const world = {
    console, URL, Promise, Symbol, setTimeout,
    addEventListener: (_, heard) => { world.heard = heard; },
    postMessage: (message) => answer(message),
    importScripts: async (...files) => { for (const file of files) vm.runInContext(await readFile(`${folder}/workers/${file}`, "utf8"), context); },
  };
  world.self = world;
  const context = vm.createContext(world);
  vm.runInContext(await readFile(process.env.MATERIAL_WORKER, "utf8"), context);
  const tell = (data) => new Promise((done) => { answer = done; world.heard({ data }); });
  const config = { lang: [language], separator: "[\\s\\-]+", pipeline: ["stemmer"], fields: { title: { boost: 1e3 }, text: { boost: 1 }, tags: { boost: 1e6 } } };
  const entries = docs.map(({ id, title, body }) => ({ location: `${id}/`, title, text: body, tags: [] }));
  await tell({ type: 0, data: { config, docs: entries, options: { suggest: false } } });
  return async (text) => (await tell({ type: 2, data: text })).data.items.slice(0, 10).map(([{ location }]) => location.slice(0, -1));
}

async function pagefindSearch() {
  const file = globalThis.fetch;
  globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => language }) };
  globalThis.window = { location: { origin: "http://localhost" } };
  globalThis.location = { href: "http://localhost/" };
  globalThis.fetch = async (url) => (String(url).startsWith("http:") || String(url).startsWith("/")
    ? new Response(await readFile(`${site}${new URL(url, "http://localhost/").pathname}`)) : file(url));
  const client = await import(pathToFileURL(`${site}/pagefind/pagefind.js`));
  await client.options({ basePath: "/pagefind/", baseUrl: "/" });
  await client.init();
  return async (text) => {
    const { results } = await client.search(text);
    const found = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    return found.map(({ url }) => url.split("/").at(-2));
  };
}

const search = await { lunr: lunrSearch, material: materialSearch, pagefind: pagefindSearch }[peer]();
const rows = [];
for (const { text, relevant, kind } of queries) {
  let ids = [];
  try { ids = await search(text); } catch { /* a query it cannot read finds nothing */ }
  rows.push({ kind, rank: ids.findIndex((id) => relevant.includes(id)), count: ids.length });
}
process.stdout.write(`${JSON.stringify({ rows })}\n`, () => process.exit(0));
