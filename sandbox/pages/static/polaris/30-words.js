/* Words, badges, banners, and signs of waiting. */
(() => {
	const { Element, define, plain, escape, BOX } = window.polaris;
	const tones = `
		:host([tone=critical]) { color: #8e1f0b; } :host([tone=success]) { color: #0c5132; } :host([tone=warning]) { color: #5e4200; }
		:host([tone=caution]) { color: #4f4700; } :host([tone=info]) { color: #003a5a; } :host([color=subdued]) { color: #616161; }
		:host([fontvariantnumeric=tabular-nums]) { font-variant-numeric: tabular-nums; }`;
	plain("s-text", `:host([type=strong]) { font-weight: 650; } :host([type=small]) { font-size: 12px; } :host([type=redundant]) { text-decoration: line-through; }
		:host([accessibilityvisibility=exclusive]) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; } ${tones}`);
	plain("s-paragraph", `:host { display: block; } ${tones}`);
	define("s-heading", class extends Element {
		static css = ":host { display: block; font-weight: 650; font-size: 14px; line-height: 20px; }";
		connectedCallback() {
			super.connectedCallback();
			this.internals.role = "heading";
			this.internals.ariaLevel = this.parentElement?.closest("s-section") ? "3" : "2";
		}
	});
	const colours = `
		:host { --back: #ebebeb; --ink: #303030; }
		:host([tone=info]) { --back: #e0f0ff; --ink: #003a5a; } :host([tone=success]) { --back: #cdfee1; --ink: #0c5132; }
		:host([tone=caution]) { --back: #fff8db; --ink: #4f4700; } :host([tone=warning]) { --back: #ffd6a4; --ink: #5e4200; }
		:host([tone=critical]) { --back: #fee9e8; --ink: #8e1f0b; }`;
	plain("s-badge", `${colours} :host { display: inline-block; padding: 2px 8px; border-radius: 8px; background: var(--back); color: var(--ink); font-size: 12px; line-height: 16px; font-weight: 550; white-space: nowrap; }`);
	plain("s-chip", ":host { display: inline-block; padding: 2px 8px; border-radius: 8px; background: #ebebeb; font-size: 12px; line-height: 16px; }");
	define("s-banner", class extends Element {
		static attributes = ["heading", "tone", "dismissible"];
		static css = `${colours} :host { display: block; border-radius: 12px; overflow: hidden; background: #fff; box-shadow: 0 0 0 1px rgba(26,26,26,.08); }
			.head { display: flex; gap: 8px; padding: 8px 12px; background: var(--back); color: var(--ink); font-weight: 650; align-items: center; }
			.head span { flex: 1; } .head:empty { padding: 3px; } .body { display: grid; gap: 8px; padding: 12px; }
			.head button { border: 0; background: none; color: inherit; font: inherit; cursor: pointer; padding: 0 6px; }`;
		html() {
			const heading = this.get("heading") && `<span>${escape(this.get("heading"))}</span>`;
			const close = this.has("dismissible") ? `<button type="button" aria-label="×">×</button>` : "";
			const role = this.get("tone") === "critical" ? "alert" : "status";
			return `<div role="${role}"><div class="head">${heading}${close}</div><div class="body"><slot></slot><slot name="secondary-actions"></slot></div></div>`;
		}
		ready() {
			this.shadowRoot.querySelector("button")?.addEventListener("click", () => { this.hidden = true; this.dispatchEvent(new Event("dismiss")); });
		}
	});
	define("s-spinner", class extends Element {
		static attributes = ["accessibilitylabel", "size"];
		static css = `:host { display: inline-block; } div { width: 20px; height: 20px; border: 2px solid #cfcfcf; border-top-color: #303030; border-radius: 50%; animation: turn 1s linear infinite; }
			:host([size=large]) div { width: 32px; height: 32px; } :host([size^=large-]) div { width: 44px; height: 44px; } @keyframes turn { to { rotate: 1turn; } }
			@media (prefers-reduced-motion: reduce) { div { animation-duration: 6s; } }`;
		html() { return `<div role="img" aria-label="${escape(this.get("accessibilitylabel", "…"))}"></div>`; }
	});
	define("s-progress", class extends Element {
		static attributes = ["value", "max", "accessibilitylabel"];
		static css = "progress { width: 100%; height: 10px; accent-color: #303030; } :host { display: block; }";
		html() {
			const value = this.hasAttribute("value") ? `value="${escape(this.get("value"))}"` : "";
			return `<progress max="${escape(this.get("max", "1"))}" ${value} aria-label="${escape(this.get("accessibilitylabel"))}"></progress>`;
		}
	});
	define("s-empty-state", class extends Element {
		static attributes = ["heading"];
		static css = ":host { display: block; padding: 32px 16px; text-align: center; } h2 { margin: 0 0 4px; font-size: 16px; line-height: 24px; } .actions { display: flex; gap: 8px; justify-content: center; margin-top: 12px; }";
		html() { return `<slot name="graphic"></slot><h2>${escape(this.get("heading"))}</h2><slot></slot><div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div>`; }
	});
	const SIGNS = {
		"check-circle": "✓", check: "✓", "alert-triangle": "⚠", "alert-circle": "!", info: "i", clock: "◷", "x-circle": "✕", x: "✕", search: "⌕", plus: "+",
		refresh: "↻", "arrow-left": "←", "arrow-right": "→", "chevron-right": "›", "chevron-left": "‹", external: "↗", question: "?", "question-circle": "?", menu: "☰", export: "⤓",
	};
	window.polaris.sign = (name) => `<span aria-hidden="true">${SIGNS[name] || "•"}</span>`;
	define("s-icon", class extends Element {
		static attributes = ["type"];
		static css = `:host { display: inline-flex; width: 20px; height: 20px; align-items: center; justify-content: center; } ${tones}`;
		html() { return window.polaris.sign(this.get("type")); }
	});
	define("s-image", class extends Element {
		static attributes = ["src", "alt"];
		static css = ":host { display: block; } img { max-width: 100%; display: block; }";
		html() { return `<img src="${escape(this.get("src"))}" alt="${escape(this.get("alt"))}">`; }
	});
	plain("s-tooltip", ":host { display: none; }");
	plain("s-thumbnail", ":host { display: inline-block; width: 40px; height: 40px; border-radius: 8px; background: #ebebeb; }", BOX);
})();
