/* Fields of one line or more, and selections: each takes part in its form under its `name`. */
(() => {
	const { Element, define, escape } = window.polaris;
	const attributes = ["label", "labelaccessibilityvisibility", "details", "error", "placeholder", "required", "disabled", "readonly",
		"min", "max", "step", "suffix", "prefix", "maxlength", "minlength", "inputmode", "autocomplete", "rows"];
	const look = `
		:host { display: block; min-width: 0; } label { display: block; margin-bottom: 4px; font-size: 13px; } .unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; white-space: nowrap; }
		.box { display: flex; align-items: center; gap: 6px; padding: 0 12px; border: 1px solid #8a8a8a; border-radius: 8px; background: #fdfdfd; } .box:focus-within { outline: 2px solid #005bd3; outline-offset: 1px; }
		.box.wrong { border-color: #8e1f0b; background: #fee9e8; } input, textarea, select { flex: 1; min-width: 0; width: 100%; padding: 5px 0; border: 0; outline: 0; background: none; color: inherit; font: inherit; min-height: 30px; }
		.affix { color: #616161; white-space: nowrap; } .details { margin-top: 4px; color: #616161; font-size: 13px; } .error { margin-top: 4px; color: #8e1f0b; font-size: 13px; } .error::before { content: "! "; font-weight: 700; }
		@media (pointer: coarse) { input, select { min-height: 42px; font-size: 16px; } }`;
	class Field extends Element {
		static formAssociated = true;
		static delegatesFocus = true;
		static attributes = attributes;
		static css = look;
		get value() { return this.control ? this.control.value : this.get("value"); }
		set value(value) {
			if (!this.control) return this.setAttribute("value", value);
			this.control.value = value;
			this.settle();
		}
		get name() { return this.get("name"); }
		get form() { return this.internals.form; }
		get error() { return this.get("error"); }
		set error(text) { if (text) this.setAttribute("error", text); else this.removeAttribute("error"); }
		get disabled() { return this.has("disabled"); }
		set disabled(is) { this.toggleAttribute("disabled", is); }
		formResetCallback() { this.value = this.get("value"); }
		settle() {
			this.internals.setFormValue(this.has("disabled") ? null : this.value);
			if (this.control.validity.valid) this.internals.setValidity({});
			else this.internals.setValidity(this.control.validity, this.control.validationMessage, this.control);
		}
		passed() {
			const known = ["placeholder", "min", "max", "step", "maxlength", "minlength", "inputmode", "autocomplete", "rows"];
			return [
				...known.filter((name) => this.hasAttribute(name)).map((name) => `${name}="${escape(this.get(name))}"`),
				...["required", "disabled", "readonly"].filter((name) => this.has(name)),
				`aria-describedby="details error"`, this.get("error") ? `aria-invalid="true"` : "",
			].join(" ");
		}
		html() {
			const quiet = this.get("labelaccessibilityvisibility") === "exclusive" ? `class="unseen"` : "";
			const affix = (name) => (this.get(name) ? `<span class="affix">${escape(this.get(name))}</span>` : "");
			return `<label for="control" ${quiet}>${escape(this.get("label"))}</label><div class="box ${this.get("error") ? "wrong" : ""}">${affix("prefix")}${this.inner(`id="control" ${this.passed()}`)}${affix("suffix")}</div>
				<div class="details" id="details" ${this.get("details") ? "" : "hidden"}>${escape(this.get("details"))}</div><div class="error" id="error" ${this.get("error") ? "" : "hidden"}>${escape(this.get("error"))}</div>`;
		}
		ready() {
			const before = this.control ? this.control.value : this.get("value");
			const focused = this.control && this.matches(":focus");
			this.control = this.shadowRoot.getElementById("control");
			this.control.value = before;
			this.settle();
			if (focused) this.control.focus();
			this.control.addEventListener("input", () => this.settle());
			this.control.addEventListener("change", () => { this.settle(); this.dispatchEvent(new Event("change", { bubbles: true })); });
			this.control.addEventListener("keydown", (event) => {
				if (event.key === "Enter" && this.control.tagName === "INPUT" && !event.isComposing) this.form?.requestSubmit();
			});
		}
	}
	const input = (name, type, more = "") => define(name, class extends Field {
		inner(rest) { return `<input type="${type}" ${more} ${rest}>`; }
	});
	input("s-text-field", "text");
	input("s-number-field", "number");
	input("s-search-field", "search");
	input("s-email-field", "email");
	input("s-url-field", "url");
	input("s-password-field", "password");
	input("s-money-field", "number", `step="0.01"`);
	define("s-text-area", class extends Field {
		inner(rest) { return `<textarea ${rest}></textarea>`; }
	});
	define("s-option", class extends HTMLElement {});
	define("s-option-group", class extends HTMLElement {});
	define("s-select", class extends Field {
		connectedCallback() {
			super.connectedCallback();
			/* Its options are read after it, and their words after them. */
			this.seen ||= new MutationObserver(() => this.update());
			this.seen.observe(this, { childList: true, subtree: true, characterData: true });
		}
		get options() { return [...this.querySelectorAll("s-option")]; }
		inner(rest) {
			const value = (option) => option.getAttribute("value") ?? option.textContent.trim();
			const chosen = this.get("value") || this.options.filter((option) => option.hasAttribute("selected") || option.hasAttribute("defaultselected")).map(value)[0];
			const rows = this.options.map((option) => `<option value="${escape(value(option))}" ${value(option) === chosen ? "selected" : ""} ${option.hasAttribute("disabled") ? "disabled" : ""}>${escape(option.textContent.trim())}</option>`);
			return `<select ${rest}>${this.get("placeholder") && !chosen ? `<option value="" selected>${escape(this.get("placeholder"))}</option>` : ""}${rows.join("")}</select>`;
		}
		ready() {
			const first = this.shadowRoot.querySelector("option[selected]") || this.shadowRoot.querySelector("option");
			const value = this.chosen ?? first?.value ?? "";
			this.control = null;
			super.ready();
			this.control.value = [...this.control.options].some((option) => option.value === value) ? value : first?.value;
			this.settle();
		}
		settle() {
			if (this.control.value) this.chosen = this.control.value;
			super.settle();
		}
		formResetCallback() { this.chosen = undefined; this.drawn = ""; this.update(); }
	});
})();
