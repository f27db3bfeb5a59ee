/* A stand-in for the Polaris web components that this app's pages use: look, keyboard, forms and slots, no more. */
"use strict";
window.polaris = (() => {
	const SPACE = {
		none: 0, "small-500": 1, "small-400": 2, "small-300": 4, "small-200": 8, "small-100": 12, small: 12,
		base: 16, large: 20, "large-100": 20, "large-200": 24, "large-300": 32, "large-400": 40, "large-500": 48,
	};
	const RESPONSIVE = /^@container\s*(?:[\w-]+\s*)?(\([^)]*\)(?:\s*and\s*\([^)]*\))*)\s*(.*)$/;
	const space = (value) => value.trim().split(/\s+/).map((one) => (one in SPACE ? `${SPACE[one]}px` : one)).join(" ");
	const asIs = (value) => value;
	/* `A` or `@container (condition) A, B`; a comma inside parentheses divides nothing. */
	function divide(text) {
		let depth = 0;
		for (let at = 0; at < text.length; at++) {
			if (text[at] === "(") depth++;
			else if (text[at] === ")") depth--;
			else if (text[at] === "," && !depth) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
		}
		return [text, ""];
	}
	function rule(selector, property, value, read = asIs) {
		const found = RESPONSIVE.exec(value.trim());
		if (!found) return `${selector} { ${property}: ${read(value)}; }`;
		const [met, otherwise] = divide(found[2]);
		return `${otherwise ? rule(selector, property, otherwise, read) : ""} @container ${found[1]} { ${selector} { ${property}: ${read(met)}; } }`;
	}
	/* Attributes that every box-like element takes: [property, how its value is read]. */
	const BOX = {
		padding: ["padding", space], paddingblock: ["padding-block", space], paddinginline: ["padding-inline", space],
		paddingblockstart: ["padding-block-start", space], paddingblockend: ["padding-block-end", space],
		paddinginlinestart: ["padding-inline-start", space], paddinginlineend: ["padding-inline-end", space],
		inlinesize: ["inline-size", asIs], blocksize: ["block-size", asIs], overflow: ["overflow", asIs],
		mininlinesize: ["min-inline-size", asIs], minblocksize: ["min-block-size", asIs],
		maxinlinesize: ["max-inline-size", asIs], maxblocksize: ["max-block-size", asIs],
		background: ["background", (name) => ({ base: "#fff", subdued: "#f7f7f7", strong: "#ebebeb", transparent: "transparent" })[name] || name],
		border: ["border", (name) => (name === "none" ? "none" : "1px solid #e3e3e3")],
		borderradius: ["border-radius", (name) => ({ none: "0", small: "4px", base: "8px", large: "12px", "large-100": "16px", max: "999px" })[name.trim()] || name],
		display: ["display", (name) => (name === "none" ? "none" : "")],
	};
	const sheets = new Map();
	function sheet(css) {
		if (!sheets.has(css)) {
			const made = new CSSStyleSheet();
			made.replaceSync(css);
			sheets.set(css, made);
		}
		return sheets.get(css);
	}
	const escape = (text) => String(text ?? "").replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
	class Element extends HTMLElement {
		static css = "";
		static attributes = [];
		static layout = {};
		static get observedAttributes() { return [...this.attributes, ...Object.keys(this.layout), "accessibilityrole"]; }
		constructor() {
			super();
			this.attachShadow({ mode: "open", delegatesFocus: this.constructor.delegatesFocus || false });
			this.internals = this.attachInternals();
		}
		connectedCallback() { this.update(); }
		attributeChangedCallback() { if (this.isConnected) this.update(); }
		get(name, otherwise = "") { return this.getAttribute(name) ?? otherwise; }
		has(name) { return this.hasAttribute(name) && this.getAttribute(name) !== "false"; }
		html() { return "<slot></slot>"; }
		update() {
			const html = this.html();
			if (html !== this.drawn) { this.shadowRoot.innerHTML = html; this.drawn = html; this.ready?.(); }
			const rules = Object.entries(this.constructor.layout)
				.filter(([name]) => this.hasAttribute(name))
				.map(([name, [property, read]]) => rule(":host", property, this.get(name), read));
			const common = ":host([hidden]) { display: none !important; } * { box-sizing: border-box; } :host { box-sizing: border-box; }";
			this.shadowRoot.adoptedStyleSheets = [sheet(common + this.constructor.css), ...(rules.length ? [sheet(rules.join("\n"))] : [])];
		}
	}
	const define = (name, parts) => customElements.define(name, parts);
	/* An element of which there is nothing to know but its style and its layout attributes. */
	const plain = (name, css, layout = {}) => define(name, class extends Element {
		static css = css;
		static layout = layout;
	});
	return { Element, define, plain, escape, BOX, space, asIs };
})();
