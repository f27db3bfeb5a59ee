/* What is pressed: buttons, links, modals. */
(() => {
	const { Element, define, plain, escape, sign, BOX } = window.polaris;
	/* Name of a command, as an element's commandfor asks for it. */
	const COMMANDS = { "--show": "showOverlay", "--hide": "hideOverlay", "--toggle": "toggleOverlay", "--auto": "toggleOverlay" };
	function obey(element) {
		const target = element.getAttribute("commandfor") && element.getRootNode().getElementById(element.getAttribute("commandfor"));
		target?.[COMMANDS[element.getAttribute("command") || "--auto"]]?.(element);
	}
	const attributes = ["href", "target", "disabled", "loading", "type", "icon", "accessibilitylabel", "variant", "tone", "download"];
	class Pressed extends Element {
		static formAssociated = true;
		static delegatesFocus = true;
		static attributes = attributes;
		inner() { return "<slot></slot>"; }
		html() {
			const label = this.get("accessibilitylabel") ? `aria-label="${escape(this.get("accessibilitylabel"))}"` : "";
			const body = this.inner();
			if (!this.get("href")) return `<button type="button" ${label} ${this.has("disabled") || this.has("loading") ? "disabled" : ""} ${this.has("loading") ? `aria-busy="true"` : ""}>${body}</button>`;
			const target = this.get("target") ? `target="${escape(this.get("target"))}" rel="noopener"` : "";
			return `<a href="${escape(this.get("href"))}" ${label} ${target} ${this.has("download") ? "download" : ""}>${body}</a>`;
		}
		ready() { this.shadowRoot.firstElementChild.addEventListener("click", (event) => this.press(event)); }
		press(event) {
			/* After the page's own listeners, which may prevent it. */
			setTimeout(() => {
				if (event.defaultPrevented) return;
				obey(this);
				if (this.get("type") === "submit") this.internals.form?.requestSubmit();
				if (this.get("type") === "reset") this.internals.form?.reset();
			});
		}
		click() { this.shadowRoot.firstElementChild.click(); }
		get disabled() { return this.has("disabled"); }
		set disabled(is) { this.toggleAttribute("disabled", is); }
		get loading() { return this.has("loading"); }
		set loading(is) { this.toggleAttribute("loading", is); }
	}
	define("s-button", class extends Pressed {
		static css = `:host { display: inline-block; }
			button, a { display: inline-flex; gap: 6px; align-items: center; justify-content: center; width: 100%; min-height: 28px; padding: 4px 12px; border: 0; border-radius: 8px; font: inherit; font-size: 13px; line-height: 20px; font-weight: 550; text-decoration: none; cursor: pointer; background: #fff; color: #303030; box-shadow: inset 0 0 0 1px #c4c4c4, inset 0 -1px 0 #b5b5b5; }
			:is(button, a):hover { background: #f7f7f7; } :is(button, a):focus-visible { outline: 2px solid #005bd3; outline-offset: 1px; }
			:host([variant=primary]) :is(button, a) { background: #303030; color: #fff; box-shadow: none; } :host([variant=tertiary]) :is(button, a) { background: none; box-shadow: none; }
			:host([tone=critical]) :is(button, a) { color: #8e1f0b; } :host([variant=primary][tone=critical]) :is(button, a) { background: #c70a24; color: #fff; }
			button:disabled { opacity: .5; cursor: default; }
			@media (pointer: coarse) { button, a { min-height: 44px; } }`;
		inner() { return `${this.get("icon") ? sign(this.get("icon")) : ""}${this.has("loading") ? "<span aria-hidden=true>…</span>" : ""}<slot></slot>`; }
	});
	define("s-link", class extends Pressed {
		static css = `:host { display: inline; } a, button { color: #005bd3; font: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-decoration: underline; }
			:host([tone=critical]) :is(a, button) { color: #8e1f0b; } :host([tone=neutral]) :is(a, button) { color: inherit; } :is(a, button):focus-visible { outline: 2px solid #005bd3; outline-offset: 2px; }`;
	});
	define("s-clickable", class extends Pressed {
		static layout = BOX;
		static css = ":host { display: block; } a, button { display: block; width: 100%; color: inherit; font: inherit; text-align: start; text-decoration: none; background: none; border: 0; padding: 0; cursor: pointer; } :is(a, button):focus-visible { outline: 2px solid #005bd3; }";
	});
	plain("s-button-group", ":host { display: flex; flex-wrap: wrap; gap: 8px; } :host([gap=none]) { gap: 0; }", {});
	plain("s-menu", ":host { display: none; }");
	class Overlay extends Element {
		static attributes = ["heading", "accessibilitylabel", "size"];
		connectedCallback() { super.connectedCallback(); this.dialog = this.shadowRoot.querySelector("dialog"); }
		showOverlay() { if (!this.dialog.open) { this.dialog.showModal(); this.toggleAttribute("open", true); this.dispatchEvent(new Event("show")); } }
		hideOverlay() { if (this.dialog.open) this.dialog.close(); }
		toggleOverlay() { if (this.dialog.open) this.hideOverlay(); else this.showOverlay(); }
		ready() {
			this.dialog = this.shadowRoot.querySelector("dialog");
			this.dialog.addEventListener("close", () => { this.removeAttribute("open"); this.dispatchEvent(new Event("hide")); });
			this.shadowRoot.querySelector(".close")?.addEventListener("click", () => this.hideOverlay());
		}
	}
	define("s-modal", class extends Overlay {
		static css = `dialog { width: min(620px, calc(100vw - 32px)); max-height: calc(100vh - 48px); padding: 0; border: 0; border-radius: 16px; color: inherit; font: inherit; } dialog::backdrop { background: rgba(0,0,0,.5); }
			:host([size=small]) dialog { width: min(380px, calc(100vw - 32px)); } :host([size^=large]) dialog { width: min(980px, calc(100vw - 32px)); }
			header { display: flex; align-items: center; padding: 12px 16px; background: #f3f3f3; } h2 { flex: 1; margin: 0; font-size: 14px; line-height: 20px; } .close { border: 0; background: none; font-size: 18px; cursor: pointer; padding: 2px 8px; }
			.body { padding: 16px; display: grid; gap: 12px; } footer { display: flex; justify-content: end; gap: 8px; padding: 12px 16px; border-top: 1px solid #e3e3e3; }`;
		html() {
			const title = escape(this.get("heading") || this.get("accessibilitylabel"));
			return `<dialog aria-label="${title}"><header><h2>${escape(this.get("heading"))}</h2><button type="button" class="close" aria-label="×">×</button></header><div class="body"><slot></slot></div><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer></dialog>`;
		}
	});
	define("s-popover", class extends Overlay {
		static css = "dialog { padding: 12px; border: 0; border-radius: 12px; box-shadow: 0 4px 16px rgba(0,0,0,.2); font: inherit; color: inherit; } dialog::backdrop { background: none; }";
		html() { return `<dialog aria-label="${escape(this.get("accessibilitylabel"))}"><slot></slot></dialog>`; }
		ready() {
			super.ready();
			this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.hideOverlay(); });
		}
	});
})();
