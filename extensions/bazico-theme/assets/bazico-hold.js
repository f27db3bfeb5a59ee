/* Holds units as they enter the cart; docs/storefront.md. */
(() => {
const [page, clock, time, note, said, again] = ["config", "clock", "time", "note", "text", "again"]
	.map((name) => document.getElementById(`bazico-${name}`));
if (!page || window.bazicoHold || !window.fetch || !Response.json) return;
window.bazicoHold = true;
const config = JSON.parse(page.textContent), { texts } = config;
const fetchNow = fetch.bind(window);
const on = addEventListener;
const FIELD = "properties[_bazico_hold]";
let state = { holds: {} }, gone, ticking, counted, extended;
function recall() {
	try { state = { holds: {}, ...JSON.parse(localStorage.bazico) }; } catch {}
}
function save() {
	try { localStorage.bazico = JSON.stringify(state); } catch {}
}
/* The attribute names the cart; a purchase ends both. */
function adopt({ attributes, items }) {
	recall();
	const named = attributes._bazico_cart;
	if (named ? named !== state.cart : !state.cart || (state.used && !items[0])) {
		state = { cart: named || crypto.randomUUID(), holds: {} };
	}
	save();
}
async function ask(url, ms, sent) {
	const begun = Date.now();
	const answer = await fetchNow(url, {
		signal: AbortSignal.timeout(ms),
		...(sent && { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent) }),
	});
	/* By the shop's clock, never too late. */
	const skew = begun - 1e3 - Date.parse(answer.headers.get("Date")) || 0;
	return { status: answer.status, body: await answer.json(), skew };
}
const call = (path, sent) => ask(config.proxy + path, 800, sent).catch(() => ({}));
async function shop(path, sent) {
	const { status, body } = await ask(`${config.cart + path}.js${sent ? "?bazico" : ""}`, 3e3, sent);
	if (status !== 200) throw 0;
	return body;
}
/* When the page goes, what was asked for is sent. */
on("pagehide", (event) => { gone = event; });
const leaving = () => new Promise((done) => gone ? done(gone) : on("pagehide", done, { once: true }));
/* In turns with other tabs. */
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
/* Why not, if so; null if one of several is not ours. */
async function reserve(lines) {
	if (!lines[0]) return "";
	const answer = await call("/stock/reserve", { cart_token: state.cart, lines });
	const { status, body } = answer;
	if (status === 200) return keep(answer);
	if (status === 404) {
		if (lines[1]) return null;
		state.holds[lines[0].sku] = lines[0];
		return "";
	}
	if (status !== 409) return texts.down;
	if (!body.retry_at) return body.max ? body.detail : texts.short;
	const at = new Date(body.retry_at).toLocaleTimeString(config.language, { timeStyle: "short" });
	return `${texts.short} ${texts.retry.replace("[time]", at)}`;
}
const sum = (items, name, value) => items.reduce((n, item) => n + (item[name] === value && item.quantity), 0);
const units = (items) => [...new Set(items.map(({ sku }) => sku))].filter(Boolean)
	.map((sku) => ({ sku, quantity: sum(items, "sku", sku) }));
/* The holds follow the cart; one that ran out only when asked. */
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
	if (items[0] && Object.entries(own).some(([name, value]) => value !== (attributes[name] || ""))) {
		await shop("/update", { attributes: own });
	}
	const lines = units(items).filter(({ sku }) => state.holds[sku]?.id);
	if (config.cartPage && lines[0] && !why) {
		const { body } = await call("/cart/validate", { cart_token: state.cart, lines });
		const bad = body?.lines?.find(({ ok }) => !ok);
		if (bad) why = `${items.find(({ sku }) => sku === bad.sku).title}: ${bad.reason}`;
	}
	return why;
}
const later = (anew) => alone(() => settle(anew)).then((why) => why && say(why), () => {});
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
			return { items: json.items || [json], body: () => JSON.stringify(json) };
		}
		const form = body.get ? body : new URLSearchParams(body);
		if ([...form.keys()].filter((name) => /^(id|items)\b/.test(name)).join() !== "id") return;
		const { id, quantity } = Object.fromEntries(form);
		return { items: [{ id, quantity, set properties(all) { form.set(FIELD, all._bazico_hold); } }], body: () => form };
	} catch {}
}
/* Holds first where SKUs are known, else takes out again. */
async function change(asked, send) {
	const hold = async () => {
		const before = await shop("");
		adopt(before);
		if (!asked) return { before };
		const added = asked.items.map(({ id, quantity }) => ({ sku: config.skus[id], quantity: +quantity || 1 }));
		const had = before.items.filter(({ sku }) => added.some((line) => line.sku === sku));
		const why = await reserve(units([...had, ...added]));
		for (const item of asked.items) {
			const hold = state.holds[config.skus[item.id]];
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
window.fetch = function (input, init) {
	const what = kind(input?.url || input, init?.method || input?.method);
	if (!what || init?.keepalive) return fetchNow(input, init);
	const body = copy(init?.body);
	const send = (changed = body) => fetchNow(input, body ? { ...init, body: changed, keepalive: !!gone } : init);
	return alone(() => change(what === "add" && lines(body), send))
		.then(({ answer, no }) => no ? Response.json(no, no) : answer);
};
const xhr = XMLHttpRequest.prototype, { open, send } = xhr;
xhr.open = function (...how) {
	this.bazico = how[2] !== false && kind(how[1], how[0]) === "add";
	return open.apply(this, how);
};
xhr.send = function (body) {
	if (!this.bazico) return send.call(this, body);
	const own = copy(body);
	alone(() => change(lines(own), (changed = own) => new Promise((done) => {
		this.addEventListener("loadend", done);
		send.call(this, changed);
	}))).then(({ no }) => {
		if (!no || this.readyState > 1) return;
		const text = JSON.stringify(no);
		const response = { value: this.responseType ? no : text };
		Object.defineProperties(this, { readyState: { value: 4 }, status: { value: 422 }, responseText: { value: text }, response });
		for (const name of ["readystatechange", "load", "loadend"]) this.dispatchEvent(new ProgressEvent(name));
	}, () => {});
};
on("submit", (event) => {
	const { target: form, submitter } = event;
	if (event.defaultPrevented || submitter?.hasAttribute("formaction") || kind(form.action, form.method) !== "add") return;
	event.preventDefault();
	form.bazico ||= alone(() => change(lines(new FormData(form)), async (body) => {
		const id = body?.get(FIELD);
		if (id) form.addEventListener("formdata", ({ formData }) => formData.set(FIELD, id), { once: true });
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
	if (tick && holds.length < counted) say(texts.over, true);
	counted = holds.length;
	clearTimeout(ticking);
	clock.hidden = !config.countdown || !counted;
	if (!counted) return;
	const left = Math.min(...holds.map(({ ends }) => ends)) - Date.now();
	time.textContent = texts.held.replace("[time]", new Date(left).toISOString().slice(left < 36e5 ? 14 : 11, 19));
	ticking = setTimeout(draw, 1e3, true);
	if (config.cartPage && left < 12e4 && document.hasFocus()) extended ||=
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
if (config.cartPage) later();
else if (config.items || state.cart) alone(settle).catch(() => {});
})();
