/* Two shoppers on one page share an origin. Here each gets what a browser of their own would give: storage and locks.
   And each request is noted, with its answer, under the shopper. Before the theme's script, which stays as it is. */
"use strict";
(() => {
	const shopper = location.pathname.split("/")[3];
	const prefix = `${shopper}:`;
	const real = window.localStorage;
	const own = new Proxy({}, {
		get: (_, name) => real.getItem(prefix + String(name)) ?? undefined,
		set: (_, name, value) => { real.setItem(prefix + String(name), value); return true; },
		deleteProperty: (_, name) => { real.removeItem(prefix + String(name)); return true; },
		has: (_, name) => real.getItem(prefix + String(name)) !== null,
	});
	Object.defineProperty(window, "localStorage", { value: own });
	if (navigator.locks) {
		const request = navigator.locks.request.bind(navigator.locks);
		Object.defineProperty(navigator.locks, "request", { value: (name, ...how) => request(prefix + name, ...how) });
	}
	/* Where the store is, as Shopify tells every theme. */
	window.Shopify = { routes: { root: `/sandbox/loja/${shopper}/` } };
	const fetchNow = window.fetch.bind(window);
	const QUIET = /\/cart(\.js|\/update\.js)$/;
	const text = (value) => { try { return JSON.stringify(JSON.parse(value), null, 1); } catch { return value; } };
	const MOST = 6;
	function note(status, what, body, said) {
		const made = document.createElement("details");
		const parts = [["summary", `${status} ${what}`], ["pre", text(body)], ["pre", text(said)]];
		made.append(...parts.filter(([, words]) => words).map(([name, words]) => Object.assign(document.createElement(name), { textContent: words })));
		made.open = true;
		const list = document.getElementById("requests");
		for (const older of list.children) older.open = false;
		list.prepend(made);
		while (list.children.length > MOST) list.lastChild.remove();
	}
	window.fetch = async (input, init) => {
		const address = new URL(input?.url || input, location.href);
		const method = (init?.method || input?.method || "GET").toUpperCase();
		const answer = await fetchNow(input, init);
		if (method === "POST" && !QUIET.test(address.pathname)) {
			const body = init?.body instanceof FormData ? JSON.stringify(Object.fromEntries(init.body)) : init?.body || "";
			note(answer.status, `${method} ${address.pathname.replace(`/sandbox/loja/${shopper}`, "")}`, body, await answer.clone().text());
		}
		return answer;
	};
})();
