/* The outer page: what Shopify's admin does for the app that it frames. */
"use strict";
(() => {
	const part = (id) => document.getElementById(id);
	const [frame, menu, save, toasts, embed] = ["app", "menu", "save", "toasts", "embed"].map(part);
	const tell = (what, value, number) => frame.contentWindow.postMessage({ bazico: what, value, number }, location.origin);
	embed.checked = localStorage.sandboxEmbed === "on";
	embed.onchange = () => { localStorage.sandboxEmbed = embed.checked ? "on" : "off"; };
	const extensions = () => [{
		handle: "bazico-theme", type: "theme_app_extension",
		activations: [{ handle: "bazico-hold", name: "Bázico", target: "body", status: embed.checked ? "active" : "available" }],
	}];
	function link({ label, href, home, current }) {
		const made = document.createElement("a");
		made.href = href;
		made.textContent = home ? "Bázico" : label;
		made.className = home ? "home" : "";
		if (current) made.setAttribute("aria-current", "page");
		return made;
	}
	menu.addEventListener("click", (event) => {
		const chosen = event.target.closest("a");
		if (!chosen) return;
		event.preventDefault();
		tell("go", chosen.getAttribute("href"));
	});
	function toast({ message, isError, action, duration }, number) {
		const made = document.createElement("div");
		made.className = isError ? "toast error" : "toast";
		made.append(Object.assign(document.createElement("span"), { textContent: message }));
		const end = (how) => { if (made.isConnected) { made.remove(); if (number) tell("answer", how, number); } };
		for (const [text, how] of [[action, "action"], [toasts.dataset.close, "dismiss"]]) {
			if (!text) continue;
			const button = document.createElement("button");
			button.type = "button";
			button.textContent = text;
			button.onclick = () => end(how);
			made.append(button);
		}
		toasts.append(made);
		setTimeout(end, duration || 5000, "dismiss");
		return made;
	}
	const shown = new Map();
	const on = {
		page({ links, title, path }) {
			menu.replaceChildren(...links.map(link));
			part("loading").hidden = true;
			document.title = `${title} · Shopify`;
			const address = new URL(location.href);
			address.searchParams.set("path", path);
			history.replaceState(null, "", address);
		},
		toast(value, number) { shown.set(value.id, toast(value, number)); },
		"hide-toast": (id) => shown.get(id)?.remove(),
		"save-bar": (open) => { save.hidden = !open; },
		loading: (is) => { part("loading").hidden = !is; },
		extensions: (_, number) => tell("answer", extensions(), number),
		leave: (_, number) => tell("answer", save.hidden, number),
		outside: (address) => toast({ message: `${toasts.dataset.outside} ${address}` }),
	};
	window.addEventListener("message", ({ data, origin, source }) => {
		if (origin === location.origin && source === frame.contentWindow && data?.bazico) on[data.bazico]?.(data.value, data.number);
	});
	part("keep").onclick = () => tell("save");
	part("discard").onclick = () => tell("discard");
	frame.addEventListener("load", () => { save.hidden = true; });
})();
