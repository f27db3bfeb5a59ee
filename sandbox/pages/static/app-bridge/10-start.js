/* A stand-in for Shopify's App Bridge, as far as this app uses it. The outer page is sandbox/admin.html. */
"use strict";
window.bazicoBridge = (() => {
	const plainFetch = window.fetch.bind(window);
	const query = new URLSearchParams(location.search);
	const config = JSON.parse(sessionStorage.appBridge || "{}");
	for (const name of ["shop", "host", "locale"]) if (query.get(name)) config[name] = query.get(name);
	config.apiKey = document.querySelector("meta[name=shopify-api-key]")?.content || document.currentScript.dataset.apiKey;
	sessionStorage.appBridge = JSON.stringify(config);
	const answers = new Map();
	const heard = {};
	let number = 0;
	const tell = (what, value) => window.parent.postMessage({ bazico: what, value }, location.origin);
	const ask = (what, value) => new Promise((done) => {
		answers.set(++number, done);
		window.parent.postMessage({ bazico: what, value, number }, location.origin);
	});
	window.addEventListener("message", ({ data, origin }) => {
		if (origin !== location.origin || !data?.bazico) return;
		if (data.bazico === "answer") { answers.get(data.number)?.(data.value); answers.delete(data.number); }
		else heard[data.bazico]?.(data.value);
	});
	return { plainFetch, config, tell, ask, heard };
})();
