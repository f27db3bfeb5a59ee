/* Boxes to tick, switches, and lists to choose from. */
(() => {
	const { Element, define, escape } = window.polaris;
	const look = `:host { display: block; } label { display: flex; gap: 8px; align-items: start; cursor: pointer; } input { width: 18px; height: 18px; margin: 1px 0; accent-color: #303030; flex: none; } input:focus-visible { outline: 2px solid #005bd3; outline-offset: 2px; }
		.details { color: #616161; font-size: 13px; margin-inline-start: 26px; } .error { color: #8e1f0b; font-size: 13px; margin-inline-start: 26px; } .unseen { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }`;
	class Tick extends Element {
		static formAssociated = true;
		static delegatesFocus = true;
		static attributes = ["label", "labelaccessibilityvisibility", "details", "error", "disabled", "required", "accessibilitylabel"];
		static css = look;
		static role = "";
		get checked() { return this.control ? this.control.checked : this.first(); }
		set checked(is) {
			if (!this.control) { this.toggleAttribute("checked", is); return; }
			this.control.checked = is;
			this.settle();
		}
		get value() { return this.get("value", "on"); }
		get name() { return this.get("name"); }
		get disabled() { return this.has("disabled"); }
		set disabled(is) { this.toggleAttribute("disabled", is); }
		first() { return this.has("checked") || this.has("defaultchecked"); }
		formResetCallback() { this.checked = this.first(); }
		settle() { this.internals.setFormValue(this.checked && !this.has("disabled") ? this.value : null); }
		html() {
			const label = escape(this.get("label"));
			const quiet = this.get("labelaccessibilityvisibility") === "exclusive" ? "unseen" : "";
			const named = this.get("accessibilitylabel") ? `aria-label="${escape(this.get("accessibilitylabel"))}"` : "";
			return `<label><input type="checkbox" ${this.constructor.role} ${named} ${this.has("disabled") ? "disabled" : ""} aria-describedby="details error"><span class="${quiet}">${label}</span></label>
				<div class="details" id="details" ${this.get("details") ? "" : "hidden"}>${escape(this.get("details"))}</div><div class="error" id="error" ${this.get("error") ? "" : "hidden"}>${escape(this.get("error"))}</div>`;
		}
		ready() {
			const checked = this.checked;
			this.control = this.shadowRoot.querySelector("input");
			this.control.checked = checked;
			this.settle();
			this.control.addEventListener("change", () => { this.settle(); this.dispatchEvent(new Event("change", { bubbles: true })); });
		}
	}
	define("s-checkbox", Tick);
	define("s-switch", class extends Tick {
		static role = `role="switch"`;
		static css = `${look} input { appearance: none; width: 32px; height: 20px; border-radius: 10px; background: #8a8a8a; position: relative; } input::before { content: ""; position: absolute; inset: 2px auto auto 2px; width: 16px; height: 16px; border-radius: 50%; background: #fff; }
			input:checked { background: #303030; } input:checked::before { left: 14px; } .details, .error { margin-inline-start: 40px; }`;
	});
	define("s-choice", class extends Element {
		static attributes = ["disabled", "value"];
		static css = ":host { display: block; } label { display: flex; gap: 8px; cursor: pointer; } input { width: 18px; height: 18px; margin: 1px 0; accent-color: #303030; flex: none; } .more { margin-inline-start: 26px; color: #616161; font-size: 13px; }";
		get selected() { return Boolean(this.control?.checked ?? this.wanted); }
		set selected(is) { this.wanted = is; if (this.control) this.control.checked = is; }
		get value() { return this.get("value"); }
		get list() { return this.closest("s-choice-list"); }
		html() {
			const type = this.list?.has("multiple") ? "checkbox" : "radio";
			return `<label><input type="${type}" ${this.has("disabled") || this.list?.has("disabled") ? "disabled" : ""}><span><slot></slot></span></label><div class="more"><slot name="details"></slot></div><slot name="secondary-content"></slot>`;
		}
		ready() {
			this.control = this.shadowRoot.querySelector("input");
			this.control.checked = this.wanted ?? (this.has("selected") || this.has("defaultselected"));
			this.list?.settle();
			this.control.addEventListener("change", () => this.list?.chose(this));
			this.control.addEventListener("keydown", (event) => {
				const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
				if (step && this.control.type === "radio") { event.preventDefault(); this.list?.move(this, step); }
			});
		}
	});
	define("s-choice-list", class extends Element {
		static formAssociated = true;
		static attributes = ["label", "details", "error", "labelaccessibilityvisibility", "multiple", "disabled"];
		static css = `${look} fieldset { border: 0; margin: 0; padding: 0; display: grid; gap: 8px; min-width: 0; } legend { padding: 0; margin-bottom: 8px; } .details, .error { margin: 0; }`;
		get choices() { return [...this.querySelectorAll("s-choice")]; }
		get values() { return this.choices.filter((choice) => choice.selected).map((choice) => choice.value); }
		set values(values) { for (const choice of this.choices) choice.selected = values.includes(choice.value); this.settle(); }
		get name() { return this.get("name"); }
		connectedCallback() { super.connectedCallback(); this.settle(); }
		formResetCallback() { for (const choice of this.choices) choice.selected = choice.has("selected") || choice.has("defaultselected"); this.settle(); }
		html() {
			const quiet = this.get("labelaccessibilityvisibility") === "exclusive" ? `class="unseen"` : "";
			return `<fieldset aria-describedby="details error" ${this.has("multiple") ? "" : `role="radiogroup"`}><legend ${quiet}>${escape(this.get("label"))}</legend><slot></slot>
				<div class="details" id="details" ${this.get("details") ? "" : "hidden"}>${escape(this.get("details"))}</div><div class="error" id="error" ${this.get("error") ? "" : "hidden"}>${escape(this.get("error"))}</div></fieldset>`;
		}
		settle() {
			const data = new FormData();
			if (!this.has("disabled")) for (const value of this.values) data.append(this.name, value);
			this.internals.setFormValue(data);
		}
		chose(choice) {
			if (!this.has("multiple")) for (const other of this.choices) other.selected = other === choice;
			this.settle();
			for (const kind of ["input", "change"]) this.dispatchEvent(new Event(kind, { bubbles: true }));
		}
		move(from, step) {
			const able = this.choices.filter((choice) => !choice.has("disabled"));
			const next = able[(able.indexOf(from) + step + able.length) % able.length];
			next.selected = true;
			next.control.focus();
			this.chose(next);
		}
	});
})();
