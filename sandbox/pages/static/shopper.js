/* What a plain theme does: a form that adds, a cart that shows itself, a button that pays. */
"use strict";
(() => {
	const part = (id) => document.getElementById(id);
	const { root } = document.body.dataset;
	const words = part("words").dataset;
	const post = (path, body) => fetch(`${root}${path}`, {
		method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
	});
	function button(label, text, press) {
		const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: press });
		made.setAttribute("aria-label", label);
		return made;
	}
	function line({ key, title, quantity }) {
		const made = document.createElement("li");
		const change = (units) => async () => { await tell(await post("cart/change.js", { id: key, quantity: units })); };
		const name = Object.assign(document.createElement("span"), { textContent: `${quantity} × ${title}` });
		made.append(name, button(words.less, "−", change(quantity - 1)), button(words.more, "+", change(quantity + 1)), button(words.remove, "×", change(0)));
		return made;
	}
	async function show() {
		const cart = await (await fetch(`${root}cart.js`)).json();
		part("lines").replaceChildren(...cart.items.map(line));
		part("empty").hidden = cart.items.length > 0;
		for (const id of ["pay", "abandon"]) part(id).disabled = !cart.items.length;
	}
	async function tell(answer, said = "") {
		if (!answer.ok) said = (await answer.clone().json().catch(() => ({}))).description || "";
		part("told").textContent = said;
		await show();
	}
	async function add(body) { await tell(await fetch(`${root}cart/add.js`, { method: "POST", body })); }
	document.addEventListener("submit", (event) => {
		event.preventDefault();
		add(new FormData(event.target));
	});
	window.addEventListener("message", ({ data, origin }) => {
		if (origin !== location.origin || !data?.add) return;
		const form = [...document.forms].find((one) => one.elements.namedItem("id").value === data.add);
		if (form) add(new FormData(form));
	});
	/* The theme shows what apps and agents put into its cart. */
	addEventListener("DOMContentLoaded", () => {
		Shopify.actions.updateCart.configure({
			eventTarget: () => part("lines"),
			handler: async (byDefault) => { const answer = await byDefault(); await show(); return answer; },
		});
		Shopify.actions.openCart.configure({ handler: async () => part("lines").scrollIntoView() });
	});
	/* What an agent of the shopper's would do, and what it would read. */
	document.addEventListener("click", async ({ target }) => {
		if (!target.matches("[data-agent]")) return;
		const merchandiseId = `gid://shopify/ProductVariant/${target.dataset.agent}`;
		const { cart, userErrors, detail } = await Shopify.actions.updateCart({ lines: [{ merchandiseId, quantity: 1 }] });
		part("agent").hidden = false;
		part("read").textContent = JSON.stringify({ totalQuantity: cart.totalQuantity, userErrors, detail }, null, 1);
		await show();
	});
	part("abandon").onclick = async () => tell(await post("cart/clear.js", {}));
	part("pay").onclick = async () => {
		part("pay").disabled = true;
		const answer = await post("checkout", {});
		const said = await answer.clone().json();
		await tell(answer, answer.ok ? words.paid.replace("{name}", said.name) : "");
		if (!answer.ok) part("told").textContent = `${words.refused} ${said.description || answer.status}`;
		/* The page after a purchase is a new one: the theme's script begins with the new cart. */
		if (answer.ok) dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
	};
	show();
})();
