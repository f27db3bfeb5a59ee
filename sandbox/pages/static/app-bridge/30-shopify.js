/* The global `shopify`: toasts, save bar, loading, and what it tells about the shop. */
(() => {
	const { tell, ask, heard, config, idToken } = window.bazicoBridge;
	let toasts = 0;
	const toast = {
		show(message, { duration = 5000, isError = false, action, onAction, onDismiss } = {}) {
			const id = `toast-${++toasts}`;
			ask("toast", { id, message: String(message), duration, isError, action }).then((end) => (end === "action" ? onAction : onDismiss)?.());
			return id;
		},
		hide: (id) => tell("hide-toast", id),
	};
	let bar = null;
	const shut = () => { bar = null; tell("save-bar", false); };
	const open = (next) => { bar = next; tell("save-bar", true); };
	const ofElement = (id) => {
		const [save, discard] = [...document.querySelectorAll(`#${CSS.escape(id)} button`)]
			.sort((one, other) => (other.getAttribute("variant") === "primary") - (one.getAttribute("variant") === "primary"));
		return { id, save: () => save?.click(), discard: () => discard?.click() };
	};
	const saveBar = {
		show: async (id) => open(ofElement(id)),
		hide: async (id) => { if (!bar || bar.id === id) shut(); },
		toggle: async (id) => (bar?.id === id ? shut() : open(ofElement(id))),
		leaveConfirmation: async () => !bar || ask("leave"),
	};
	heard.save = () => bar?.save();
	heard.discard = () => bar?.discard();
	/* A form with data-save-bar: the bar comes with the first change, and goes with submit or reset. */
	const formOf = (event) => event.composedPath().map((one) => one.closest?.("form[data-save-bar]")).find(Boolean);
	const changed = (event) => {
		const form = formOf(event);
		if (form && !event.defaultPrevented) open({ id: form.id, save: () => form.requestSubmit(), discard: () => form.reset() });
	};
	document.addEventListener("input", changed);
	document.addEventListener("change", changed);
	for (const end of ["submit", "reset"]) document.addEventListener(end, (event) => { if (event.target.matches("form[data-save-bar]")) shut(); });
	window.shopify = {
		config, toast, saveBar, idToken,
		environment: { embedded: window.parent !== window, mobile: false, pos: false },
		ready: Promise.resolve(),
		loading: (on = true) => tell("loading", Boolean(on)),
		modal: {
			show: async (id) => document.getElementById(id)?.showOverlay?.(),
			hide: async (id) => document.getElementById(id)?.hideOverlay?.(),
			toggle: async (id) => document.getElementById(id)?.toggleOverlay?.(),
		},
		app: { extensions: () => ask("extensions") },
		scopes: { query: async () => ({ granted: [], required: [], optional: [] }) },
		webVitals: { onReport: () => {} },
		user: async () => ({ id: "1" }),
	};
})();
