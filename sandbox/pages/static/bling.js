"use strict";
(() => {
	const EVERY_MS = 2000;
	const books = document.getElementById("books");
	const failed = document.getElementById("failed");
	let shown = "";
	async function refresh() {
		try {
			const answer = await fetch("/sandbox/bling/books");
			if (!answer.ok) throw new Error(answer.status);
			const html = await answer.text();
			const inUse = books.contains(document.activeElement) && document.activeElement.matches("button:active");
			if (html !== shown && !inUse) {
				const { order, sku } = books.contains(document.activeElement) ? document.activeElement.dataset : {};
				books.innerHTML = shown = html;
				if (order) books.querySelector(`[data-order="${CSS.escape(order)}"][data-sku="${CSS.escape(sku)}"]`)?.focus();
			}
			failed.hidden = true;
		} catch { failed.hidden = false; }
	}
	document.addEventListener("click", async ({ target }) => {
		if (!target.matches("[data-order]")) return;
		const { order, sku = "" } = target.dataset;
		try {
			const answer = await fetch("/sandbox/bling/order", { method: "POST", body: new URLSearchParams({ name: order, sku }) });
			failed.hidden = answer.ok;
			if (answer.ok) await refresh();
		} catch { failed.hidden = false; }
	});
	setInterval(() => { if (!document.hidden) refresh(); }, EVERY_MS);
})();
