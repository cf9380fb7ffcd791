/* The engine off the main thread: {base} once, then {id, query, limit, complete} -> {id, results, incomplete}. */
let search;
onmessage = async ({ data: { base, id, query, limit, complete } }) => {
  try {
    if (base) {
      search = (await import(`${base}search.js`)).openSearch(base);
      postMessage({ ready: true });
      await search.search("", { limit: 1 }); // fetches the head
    } else {
      const results = await search.search(query, { limit, complete });
      postMessage({ id, results: [...results], incomplete: results.incomplete });
    }
  } catch {
    postMessage(search && id ? { id, results: [], incomplete: true } : { failed: true });
  }
};
