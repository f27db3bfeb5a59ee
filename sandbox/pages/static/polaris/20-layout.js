/* Pages, sections, and what arranges things. */
(() => {
	const { Element, define, plain, escape, BOX, space, asIs } = window.polaris;
	const page = document.createElement("style");
	page.textContent = `body { margin: 0; background: #f1f1f1; color: #303030; font: 14px/20px Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }`;
	document.head.append(page);
	define("s-page", class extends Element {
		static attributes = ["heading", "inlinesize"];
		static css = `
			:host { display: block; container-type: inline-size; }
			.page { max-width: 998px; margin: 0 auto; padding: 16px 16px 48px; }
			:host([inlinesize=small]) .page { max-width: 662px; } :host([inlinesize=large]) .page { max-width: none; }
			header { display: flex; flex-wrap: wrap; gap: 8px 12px; align-items: center; margin-bottom: 16px; }
			h1 { flex: 1; margin: 0; font-size: 20px; line-height: 28px; font-weight: 650; }
			.actions { display: flex; flex-wrap: wrap; gap: 8px; }
			.columns { display: grid; gap: 16px; } .main, .aside { display: grid; gap: 16px; align-content: start; min-width: 0; }
			@container (min-width: 768px) { .columns.two { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); } }`;
		html() {
			return `<div class="page"><header><slot name="breadcrumb-actions"></slot><h1>${escape(this.get("heading"))}</h1><div class="actions"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></div></header>
				<div class="columns"><div class="main"><slot></slot></div><div class="aside"><slot name="aside"></slot></div></div></div>`;
		}
		ready() {
			const aside = this.shadowRoot.querySelector("slot[name=aside]");
			aside.addEventListener("slotchange", () => aside.closest(".columns").classList.toggle("two", aside.assignedNodes().length > 0));
		}
	});
	define("s-section", class extends Element {
		static attributes = ["heading", "padding", "accessibilitylabel"];
		static css = `
			:host { display: block; min-width: 0; background: #fff; border-radius: 12px; padding: 16px; box-shadow: 0 1px 0 rgba(26,26,26,.07), 0 0 0 1px rgba(26,26,26,.06); }
			:host(.inner) { background: none; box-shadow: none; padding: 0; }
			.body { display: grid; gap: 16px; min-width: 0; } .head:not([hidden]) { display: flex; gap: 8px; align-items: center; } .head > :is(h2, h3) { flex: 1; }
			:host([padding=none]) { padding: 0; overflow: hidden; } :host([padding=none]) .head { padding: 16px 16px 0; }
			h2, h3 { margin: 0; font-size: 14px; line-height: 20px; font-weight: 650; } h3 { font-size: 13px; }`;
		get level() { return this.parentElement?.closest("s-section") ? 3 : 2; }
		html() {
			this.classList.toggle("inner", this.level === 3);
			const heading = this.get("heading");
			const label = escape(heading || this.get("accessibilitylabel"));
			const title = heading ? `<h${this.level}>${escape(heading)}</h${this.level}>` : "";
			return `<section class="body" ${label ? `aria-label="${label}"` : ""}><div class="head" ${heading ? "" : "hidden"}>${title}<slot name="secondary-actions"></slot><slot name="primary-action"></slot></div><slot></slot></section>`;
		}
		ready() {
			const head = this.shadowRoot.querySelector(".head");
			for (const slot of head.querySelectorAll("slot")) slot.addEventListener("slotchange", () => { head.hidden = false; });
		}
	});
	const gaps = { gap: ["gap", space], rowgap: ["row-gap", space], columngap: ["column-gap", space] };
	const aligned = {
		justifycontent: ["justify-content", asIs], alignitems: ["align-items", asIs],
		aligncontent: ["align-content", asIs], justifyitems: ["justify-items", asIs],
	};
	plain("s-box", ":host { display: block; min-width: 0; }", BOX);
	plain("s-stack", ":host { display: flex; flex-flow: column nowrap; min-width: 0; }", {
		direction: ["flex-flow", (value) => (value.trim() === "inline" ? "row wrap; align-items: center" : "column nowrap")],
		...gaps, ...aligned, ...BOX,
	});
	plain("s-grid", ":host { display: grid; min-width: 0; }", {
		gridtemplatecolumns: ["grid-template-columns", asIs], gridtemplaterows: ["grid-template-rows", asIs],
		...gaps, ...aligned, ...BOX,
	});
	plain("s-grid-item", ":host { display: block; min-width: 0; }", { gridcolumn: ["grid-column", asIs], gridrow: ["grid-row", asIs], ...BOX });
	plain("s-query-container", ":host { display: block; container-type: inline-size; }");
	plain("s-divider", ":host { display: block; border-top: 1px solid #e3e3e3; } :host([direction=block]) { border-top: 0; border-left: 1px solid #e3e3e3; align-self: stretch; }");
	const list = (name, mark) => define(name, class extends Element {
		static css = `:host { display: block; padding-left: 20px; list-style: ${mark}; }`;
		connectedCallback() { super.connectedCallback(); this.internals.role = "list"; }
	});
	list("s-unordered-list", "disc");
	list("s-ordered-list", "decimal");
	define("s-list-item", class extends Element {
		static css = ":host { display: list-item; margin: 2px 0; }";
		connectedCallback() { super.connectedCallback(); this.internals.role = "listitem"; }
	});
})();
