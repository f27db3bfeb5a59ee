"use strict";
(() => {
	const result = document.getElementById("result");
	const failed = document.getElementById("failed");
	const buttons = [...document.querySelectorAll("button[data-buyers]")];
	async function run(buyers) {
		for (const button of buttons) button.disabled = true;
		failed.hidden = true;
		try {
			const answer = await fetch("/sandbox/race", { method: "POST", body: new URLSearchParams({ buyers }) });
			if (!answer.ok) throw new Error(answer.status);
			result.innerHTML = await answer.text();
		} catch { failed.hidden = false; }
		for (const button of buttons) button.disabled = false;
	}
	for (const button of buttons) button.onclick = () => run(button.dataset.buyers);
})();
