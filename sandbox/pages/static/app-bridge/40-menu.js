/* The app's menu and title stand in the outer page; addresses of Shopify's admin are only shown, there is none here. */
(() => {
	const { tell, heard } = window.bazicoBridge;
	const pathOf = (address) => new URL(address, location.href).pathname;
	const hidden = document.createElement("style");
	hidden.textContent = "s-app-nav, ui-nav-menu, ui-save-bar { display: none; }";
	document.head.append(hidden);
	function show() {
		const links = [...document.querySelectorAll("s-app-nav a, s-app-nav s-link")].map((link) => ({
			label: link.textContent.trim(), href: link.getAttribute("href"), home: link.getAttribute("rel") === "home",
			current: pathOf(link.getAttribute("href")) === location.pathname,
		}));
		const address = new URL(location.href);
		for (const name of ["embedded", "shop", "host", "locale", "id_token"]) address.searchParams.delete(name);
		if (links.length) tell("page", { links, title: document.title, path: address.pathname + address.search });
	}
	/* As a link of the menu: the page may take the way itself, without a reload. */
	heard.go = (address) => {
		const link = [...document.querySelectorAll("s-app-nav [href]")].find((one) => one.getAttribute("href") === address);
		const event = new Event("shopify:navigate", { bubbles: true, cancelable: true, composed: true });
		if (!link || link.dispatchEvent(event)) location.assign(address);
	};
	for (const name of ["pushState", "replaceState"]) {
		const plain = history[name].bind(history);
		history[name] = (...how) => { plain(...how); show(); };
	}
	window.addEventListener("popstate", show);
	document.addEventListener("DOMContentLoaded", () => {
		show();
		const inMenu = (node) => node.nodeType === 1 && node.closest("s-app-nav");
		new MutationObserver((changes) => {
			if (changes.some(({ target, addedNodes }) => inMenu(target) || [...addedNodes].some(inMenu))) show();
		}).observe(document.body, { subtree: true, childList: true });
	});
	const outside = (address) => /^shopify:|^https:\/\/(admin\.shopify\.com|[a-z0-9-]+\.myshopify\.com)\//.test(address || "");
	document.addEventListener("click", (event) => {
		const link = event.composedPath().find((one) => one.getAttribute?.("href"));
		if (!outside(link?.getAttribute("href"))) return;
		event.preventDefault();
		tell("outside", link.getAttribute("href"));
	});
	const plainOpen = window.open.bind(window);
	window.open = (address, ...how) => (outside(String(address)) ? tell("outside", String(address)) : plainOpen(address, ...how));
})();
