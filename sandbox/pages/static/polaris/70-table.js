/* Tables, which become lists where there is no room for columns. */
(() => {
	const { Element, define, escape } = window.polaris;
	const NARROW = 490;
	define("s-table", class extends Element {
		static attributes = ["paginate", "hasnextpage", "haspreviouspage", "loading", "variant", "hideheader"];
		static css = `:host { display: block; min-width: 0; } .scroll { overflow-x: auto; } .table { display: table; width: 100%; border-collapse: collapse; } .table.list { display: block; } .loading { opacity: .5; }
			nav { display: flex; gap: 8px; justify-content: center; padding: 8px; border-top: 1px solid #e3e3e3; } nav button { min-width: 36px; min-height: 28px; border: 1px solid #c4c4c4; border-radius: 8px; background: #fff; cursor: pointer; } nav button:disabled { opacity: .4; cursor: default; }
			@media (pointer: coarse) { nav button { min-width: 44px; min-height: 44px; } }`;
		html() {
			const button = (kind, has, mark) => `<button type="button" data-go="${kind}" aria-label="${mark}" ${this.has(has) && !this.has("loading") ? "" : "disabled"}>${mark}</button>`;
			const pages = this.has("paginate") ? `<nav>${button("previouspage", "haspreviouspage", "‹")}${button("nextpage", "hasnextpage", "›")}</nav>` : "";
			return `<slot name="filters"></slot><div class="scroll"><div class="table ${this.has("loading") ? "loading" : ""}" role="table" aria-busy="${this.has("loading")}"><slot></slot></div></div>${pages}`;
		}
		ready() {
			for (const button of this.shadowRoot.querySelectorAll("nav button")) button.onclick = () => this.dispatchEvent(new Event(button.dataset.go));
			this.arrange();
		}
		connectedCallback() {
			super.connectedCallback();
			this.sized ||= new ResizeObserver(() => this.arrange());
			this.sized.observe(this);
			this.seen ||= new MutationObserver(() => this.arrange());
			this.seen.observe(this, { childList: true, subtree: true, attributes: true, attributeFilter: ["listslot", "format"] });
		}
		disconnectedCallback() { this.sized.disconnect(); this.seen.disconnect(); }
		get isList() {
			const variant = this.get("variant", "auto");
			return variant === "list" || (variant === "auto" && this.offsetWidth > 0 && this.offsetWidth < NARROW);
		}
		arrange() {
			const list = this.isList;
			this.shadowRoot.querySelector(".table")?.classList.toggle("list", list);
			const headers = [...this.querySelectorAll("s-table-header")];
			for (const part of this.querySelectorAll("s-table-header-row, s-table-body, s-table-row, s-table-header")) part.toggleAttribute("data-list", list);
			for (const row of this.querySelectorAll("s-table-row")) {
				[...row.children].forEach((cell, at) => {
					const header = headers[at];
					const place = header?.getAttribute("listslot") || "labeled";
					cell.toggleAttribute("data-list", list);
					for (const [name, value] of [["data-place", place], ["data-label", header?.textContent.trim() || ""], ["data-format", header?.getAttribute("format") || "base"]]) {
						if (cell.getAttribute(name) !== value) cell.setAttribute(name, value);
					}
				});
			}
		}
	});
	const part = (name, role, css, more = {}) => define(name, class extends Element {
		static css = css;
		static attributes = more.attributes || [];
		connectedCallback() { super.connectedCallback(); /* As an attribute: tools that look for faults see no internals. */ this.setAttribute("role", role); more.connected?.(this); }
		html() { return more.html?.(this) || "<slot></slot>"; }
	});
	part("s-table-header-row", "row", ":host { display: table-row; background: #f7f7f7; } :host([data-list]) { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }");
	part("s-table-header", "columnheader", ":host { display: table-cell; padding: 6px 12px; text-align: start; font-size: 12px; font-weight: 550; color: #616161; white-space: nowrap; } :host([format=numeric]), :host([format=currency]) { text-align: end; }");
	part("s-table-body", "rowgroup", ":host { display: table-row-group; } :host([data-list]) { display: block; }");
	part("s-table-row", "row", ":host { display: table-row; } :host([data-list]) { display: grid; gap: 2px; padding: 10px 16px; border-top: 1px solid #e3e3e3; } :host([clickdelegate]) { cursor: pointer; } :host([clickdelegate]:hover) { background: #f7f7f7; }", {
		attributes: ["clickdelegate"],
		connected(row) {
			row.onclick = (event) => {
				const target = row.get("clickdelegate") && document.getElementById(row.get("clickdelegate"));
				const inner = event.composedPath().slice(0, event.composedPath().indexOf(row));
				if (target && !inner.some((one) => one.matches?.("a, button, input, s-button, s-link, s-checkbox"))) target.click();
			};
		},
	});
	part("s-table-cell", "cell", `:host { display: table-cell; padding: 8px 12px; border-top: 1px solid #e3e3e3; vertical-align: middle; } :host([data-format=numeric]:not([data-list])), :host([data-format=currency]:not([data-list])) { text-align: end; } :host([data-format=numeric]) { font-variant-numeric: tabular-nums; }
		:host([data-list]) { display: block; padding: 0; border: 0; } :host([data-list][data-place=primary]) { font-weight: 650; } :host([data-list][data-place=kicker]) { order: -1; font-size: 12px; color: #616161; } :host([data-list][data-place=labeled]) { display: flex; gap: 6px; justify-content: space-between; }
		.label { display: none; color: #616161; } :host([data-list][data-place=labeled]) .label { display: inline; }`, {
		attributes: ["data-label"],
		html: (cell) => `<span class="label" aria-hidden="true">${escape(cell.get("data-label"))}</span><slot></slot>`,
	});
})();
