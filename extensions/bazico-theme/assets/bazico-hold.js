/* Holds units; see docs/storefront.md. */
(() => {
const [page, clock, time, note, said, again] = ["config", "clock", "time", "note", "text", "again"]
	.map((name) => document.getElementById(`bazico-${name}`));
if (!page || page.hold || !window.fetch || !Response.json) return;
page.hold = 1;
const config = JSON.parse(page.textContent), { texts, skus, cartPage } = config;
const fetchNow = fetch.bind(window);
const on = addEventListener;
const FIELD = "properties[_bazico_hold]";
let state = { holds: {} }, gone, ticking, counted, extended;
function recall() {
	try { state = { holds: {}, ...JSON.parse(localStorage.bazico) }; } catch {}
}
function save() {
	state.cart ||= crypto.randomUUID();
	try { localStorage.bazico = JSON.stringify(state); } catch {}
}
/* A purchase ends the cart's name. */
function adopt({ attributes, items }) {
	recall();
	const named = attributes._bazico_cart;
	if (named ? named !== state.cart : state.used && !items[0]) state = { cart: named, holds: {} };
	save();
}
async function ask(url, ms, sent) {
	const begun = Date.now();
	const answer = await fetchNow(url, {
		signal: AbortSignal.timeout(ms),
		...(sent && { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) }),
	});
	const skew = begun - 1e3 - Date.parse(answer.headers.get("Date")) || 0;
	return { status: answer.status, body: await answer.json(), skew };
}
const call = (path, sent) => ask(config.proxy + path, 800, sent).catch(() => ({}));
async function shop(path, sent) {
	const { status, body } = await ask(`${config.cart + path}.js${sent ? "?bazico" : ""}`, 3e3, sent);
	if (status !== 200) throw 0;
	return body;
}
on("pagehide", () => { gone = {}; });
const leaving = () => new Promise((done) => gone ? done(gone) : on("pagehide", done, { once: true }));
async function alone(work) {
	let begun;
	const once = () => (begun ||= work());
	const turn = navigator.locks?.request("bazico", { signal: AbortSignal.timeout(3e3) }, once);
	await Promise.race([turn, leaving()]).catch(() => {});
	return once();
}
function keep({ body, skew }) {
	for (const { sku, reservation_id: id, quantity, expires_at: end } of body.reservations) {
		state.holds[sku] = { id, quantity, ends: Date.parse(end) + skew };
	}
	save();
}
const living = (hold) => hold?.ends > Date.now();
const alive = () => Object.values(state.holds).filter(living);
/* Why not; null if one of several is not ours. */
async function reserve(lines) {
	if (!lines[0]) return;
	const answer = await call("/stock/reserve", { cart_token: state.cart, lines });
	const { status, body } = answer;
	if (status === 200) return keep(answer);
	if (status === 404) {
		if (lines[1]) return null;
		state.holds[lines[0].sku] = lines[0];
		return;
	}
	if (status !== 409) return texts.down;
	if (!body.retry_at) return body.max ? body.detail : texts.short;
	const at = new Date(body.retry_at).toLocaleTimeString(config.language, { timeStyle: "short" });
	return `${texts.short} ${texts.retry.replace("[time]", at)}`;
}
const sum = (items, name, value) => items.reduce((n, item) => n + (item[name] === value && item.quantity), 0);
const units = (items) => [...new Set(items.map(({ sku }) => sku))].filter(Boolean)
	.map((sku) => ({ sku, quantity: sum(items, "sku", sku) }));
/* The holds follow the cart; a dead one when asked. */
async function settle(anew) {
	const cart = await shop("");
	const { items, attributes } = cart;
	adopt(cart);
	for (const [sku, hold] of Object.entries(state.holds)) {
		if (sum(items, "sku", sku)) continue;
		delete state.holds[sku];
		if (living(hold)) await call("/stock/release", { reservation_id: hold.id });
	}
	let why;
	for (const line of units(items)) {
		const hold = state.holds[line.sku];
		if (hold?.quantity !== line.quantity || (anew && !living(hold))) why = await reserve([line]) || why;
	}
	state.used = items.length;
	save();
	draw();
	const own = { _bazico_cart: state.cart, _bazico_hold: alive().map(({ id }) => id).join() };
	const news = Object.keys(own).some((name) => own[name] !== (attributes[name] || ""));
	if (items[0] && news) await shop("/update", { attributes: own });
	const lines = units(items).filter(({ sku }) => state.holds[sku]?.id);
	if (cartPage && lines[0] && !why) {
		const { body } = await call("/cart/validate", { cart_token: state.cart, lines });
		const bad = body?.lines?.find(({ ok }) => !ok);
		if (bad) why = `${items.find(({ sku }) => sku === bad.sku).title}: ${bad.reason}`;
	}
	return why;
}
const later = (anew, quiet) => alone(() => settle(anew)).then((why) => quiet || why && say(why), () => {});
function copy(body) {
	try {
		const made = new body.constructor();
		for (const pair of body) made.append(...pair);
		return made;
	} catch { return body; }
}
function lines(body) {
	try {
		if (/^\s*{/.test(body)) {
			const json = JSON.parse(body);
			return { items: Object.values(json.items || [json]), body: () => JSON.stringify(json) };
		}
		const form = body.get ? body : new URLSearchParams(body);
		if (form.getAll("id").length !== 1 || form.has("items[0][id]")) return;
		const { id, quantity } = Object.fromEntries(form);
		return { items: [{ id, quantity, set properties(all) { form.set(FIELD, all._bazico_hold); } }], body: () => form };
	} catch {}
}
/* Holds first, or takes out again. */
async function change(asked, send) {
	const hold = async () => {
		recall();
		save();
		const before = await shop("");
		adopt(before);
		if (!asked) return { before };
		const added = asked.items.map(({ id, quantity }) => ({ sku: skus[id], quantity: +quantity || 1 }));
		const had = before.items.filter(({ sku }) => added.some((line) => line.sku === sku));
		const why = await reserve(units([...had, ...added]));
		for (const item of asked.items) {
			const hold = state.holds[skus[item.id]];
			if (living(hold)) item.properties = { ...item.properties, _bazico_hold: hold.id };
		}
		return { before, why, body: asked.body(), known: why !== null && added.every(({ sku }) => sku) };
	};
	let { before, why, body, known } = await Promise.race([hold(), leaving()]).catch(() => ({}));
	const answer = why ? 0 : await send(body);
	if (answer && before && !known) try {
		const had = ({ key }) => sum(before.items, "key", key);
		const more = (await shop("")).items.filter((item) => item.quantity > had(item));
		why = more[0] && await settle();
		if (why) await shop("/update", { updates: Object.fromEntries(more.map((item) => [item.key, had(item)])) });
	} catch {}
	if (why) say(why);
	return { answer, no: why && { status: 422, message: why, description: why, errors: why } };
}
const kind = (url, method) => /^post$/i.test(method) &&
	/^([^:?]*\/)?cart\/(add|change|update|clear)\b(?!.*bazico)/.exec(`${url}`.replace(location.origin, ""))?.[2];
window.fetch = (input, init) => {
	const what = kind(input?.url || input, init?.method || input?.method);
	if (!what || init?.keepalive) return fetchNow(input, init);
	const body = copy(init?.body);
	const send = (changed = body) => fetchNow(input, body ? { ...init, body: changed, keepalive: gone } : init);
	return alone(() => change(what === "add" && lines(body), send))
		.then(({ answer, no }) => no ? Response.json(no, no) : answer);
};
const ends = ["readystatechange", "load", "loadend"];
window.XMLHttpRequest = class extends XMLHttpRequest {
	constructor() {
		super();
		for (const name of ends) this.addEventListener(name, (event) => {
			if (!this.heard || this.readyState < 4) return;
			event.stopImmediatePropagation();
			setTimeout(this.heard, 0, 1);
		});
	}
	open(...how) {
		this.bazico = how[2] !== false && kind(how[1], how[0]);
		super.open(...how);
	}
	/* The theme hears last. */
	send(body) {
		const what = this.bazico, own = copy(body);
		if (!what) return super.send(body);
		alone(() => change(what === "add" && lines(own), (changed = own) => new Promise((done) => {
			this.heard = done;
			super.send(changed);
		}))).then(({ no }) => {
			const text = JSON.stringify(no), response = this.responseType === "json" ? no : text;
			const told = no && { readyState: 4, status: 422, responseText: text, response };
			for (const name in told) Object.defineProperty(this, name, { value: told[name] });
			this.heard = 0;
			for (const name of ends) if (this.status || name !== "load") this.dispatchEvent(new ProgressEvent(name));
		}, () => {});
	}
};
on("submit", (event) => {
	const { target: form, submitter } = event;
	if (event.defaultPrevented || submitter?.hasAttribute("formaction") || kind(form.action, form.method) !== "add") return;
	event.preventDefault();
	form.bazico ||= alone(() => change(lines(new FormData(form)), async (body) => {
		const id = body?.get(FIELD);
		form.onformdata = ({ formData }) => id && formData.set(FIELD, id);
		HTMLFormElement.prototype.submit.call(form);
	})).finally(() => { form.bazico = 0; });
});
function say(text, over) {
	said.textContent = text;
	again.hidden = !over;
	note.hidden = false;
}
function draw(tick) {
	const holds = alive();
	if (tick && holds.length < counted) setTimeout(say, 2e3, texts.over, true);
	counted = holds.length;
	clearTimeout(ticking);
	clock.hidden = !config.countdown || !counted;
	if (!counted) return;
	const left = Math.min(...holds.map(({ ends }) => ends)) - Date.now();
	time.textContent = texts.held.replace("[time]", new Date(left).toISOString().slice(left < 36e5 ? 14 : 11, 19));
	ticking = setTimeout(draw, 1e3, true);
	if (cartPage && left < 12e4 && document.hasFocus()) extended ||=
		call("/stock/extend", { cart_token: state.cart }).then((answer) => answer.status === 200 && keep(answer));
}
note.onclick = ({ target }) => {
	note.hidden = true;
	if (target === again) later(1);
};
on("storage", () => { recall(); draw(); });
on("pageshow", ({ persisted }) => { gone = 0; if (persisted) later(); });
new PerformanceObserver((list) => {
	if (list.getEntries().some(({ name }) => kind(name, "post"))) later();
}).observe({ type: "resource" });
recall();
if (cartPage || config.items || state.cart) later(0, !cartPage);
})();
