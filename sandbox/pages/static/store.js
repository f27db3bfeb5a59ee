/* The numbers above the two shoppers, and the button that lets both press in one instant. */
"use strict";
(() => {
	const EVERY_MS = 1500;
	const rows = [...document.querySelectorAll("#numbers tbody tr")];
	function show(numbers) {
		const row = rows.find((one) => one.dataset.sku === numbers.sku);
		for (const cell of row?.querySelectorAll("[data-number]") || []) cell.textContent = numbers[cell.dataset.number] ?? "–";
	}
	async function refresh() {
		if (!document.hidden) {
			try {
				const answer = await fetch("/sandbox/loja/numbers");
				if (answer.ok) (await answer.json()).goods.forEach(show);
			} catch { /* the next one may do */ }
		}
		setTimeout(refresh, EVERY_MS);
	}
	document.addEventListener("click", async ({ target }) => {
		if (target.matches("[data-leave-one]")) {
			const body = new URLSearchParams({ sku: target.closest("tr").dataset.sku });
			const answer = await fetch("/sandbox/loja/leave-one", { method: "POST", body });
			if (answer.ok) show(await answer.json());
		}
		if (target.matches("[data-both]")) {
			for (const frame of document.querySelectorAll("iframe")) frame.contentWindow.postMessage({ add: target.dataset.both }, location.origin);
		}
	});
	refresh();
})();
