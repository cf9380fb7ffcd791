// One process for many queries: jobs as JSON on standard input, answers as JSON on standard output.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

let input = "";
for await (const part of process.stdin) input += part;
const { folder, queries, broken = "", complete = false } = JSON.parse(input);
const { openSearch } = await import(pathToFileURL(`${folder}/search.js`));
const asked = [];
const fetch = async (url) => {
  const name = url.split("/").at(-1);
  asked.push(name);
  if (broken && new RegExp(broken).test(name)) return new Response("", { status: 404 });
  return new Response(await readFile(`${folder}/${name}`));
};
const portal = openSearch("https://portal.example/search/", { fetch });
const answers = [];
for (const query of queries) {
  try {
    const results = await portal.search(query, { limit: 10, complete });
    answers.push({ results: [...results], incomplete: results.incomplete });
  } catch (error) {
    answers.push({ error: String(error && error.stack) });
  }
}
process.stdout.write(JSON.stringify({ answers, asked }));
