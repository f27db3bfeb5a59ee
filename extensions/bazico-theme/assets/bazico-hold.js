/* Holds units when they enter the cart. At worst the shop sells as without it. */
(() => {
"use strict";
const part = (name) => document.getElementById(`bazico-${name}`);
const page = part("config");
if (!page || window.bazicoHold) return;
window.bazicoHold = true;
const config = JSON.parse(page.textContent);
const { texts } = config;
const fetchNow = window.fetch.bind(window);
const root = config.root.replace(/\/*$/, "/");
const notOurs = new Set();
const ours = ({ sku }) => !notOurs.has(sku);
let state = { holds: {} };
let ticking = 0;
let counted = 0;
function save() {
	try { localStorage.bazico = JSON.stringify(state); } catch { /* private window */ }
}
/* The cart's attribute decides. A cart that was bought leaves an empty one behind, which gets a new name. */
function adopt(cart) {
	try { state = JSON.parse(localStorage.bazico); } catch {}
	const named = cart.attributes?._bazico_cart;
	const bought = !named && state.used && !cart.items.length;
	if (bought || !state.cart || (named && named !== state.cart)) {
		state = { cart: named || crypto.randomUUID(), holds: {} };
	}
	state.used = !!named;
	save();
}
const post = (url, body, more) => fetchNow(url, {
	method: "POST", body: JSON.stringify(body), ...more,
	headers: { "Content-Type": "application/json", "Accept-Language": config.language },
});
async function call(path, body) {
	try {
		const answer = await post(config.proxy + path, body, { signal: AbortSignal.timeout(800) });
		return { status: answer.status, body: await answer.json() };
	} catch { return {}; }
}
async function shop(path, body) {
	const answer = await (body ? post(root + path, body) : fetchNow(root + path));
	if (!answer.ok) throw new Error(path);
	return answer.json();
}
/* One change at a time in all tabs; a tab that hangs is not waited for. */
async function alone(work) {
	let begun;
	const once = () => (begun ||= work());
	try {
		await navigator.locks.request("bazico", { signal: AbortSignal.timeout(3000) }, once);
	} catch { /* no turn in time */ }
	return once();
}
function keep(holds) {
	for (const hold of holds) {
		if (state.holds[hold.sku]?.id !== hold.reservation_id) state.skew = Date.now() - Date.parse(hold.created_at);
		state.holds[hold.sku] = {
			id: hold.reservation_id, quantity: hold.quantity,
			ends: Date.parse(hold.expires_at) + (state.skew || 0),
		};
	}
}
const living = (hold) => hold?.ends > Date.now();
const alive = () => Object.values(state.holds).filter(living);
/* Returns what to tell the shopper, or null. */
async function reserve(all) {
	const lines = all.filter(ours);
	if (!lines.length) return null;
	const { status, body } = await call("/stock/reserve", { cart_token: state.cart, lines });
	if (status === 200) keep(body.reservations);
	else if (status === 404) {
		if (lines.length === 1) notOurs.add(lines[0].sku);
	} else if (status === 409 && body.code !== "request_in_progress") {
		if (!body.retry_at) return texts.short;
		const time = new Date(body.retry_at).toLocaleTimeString(config.language, { timeStyle: "short" });
		return `${texts.short} ${texts.retry.replace("[time]", time)}`;
	} else if (config.closed) return texts.down;
	return null;
}
function units(items) {
	const sum = {};
	for (const { sku, quantity } of items) if (sku) sum[sku] = (sum[sku] || 0) + quantity;
	return sum;
}
const listed = (sum) => Object.keys(sum).map((sku) => ({ sku, quantity: sum[sku] }));
/* The holds follow the cart. One that ran out begins anew only when asked (`again`). */
async function settle(again) {
	const cart = await shop("cart.js");
	adopt(cart);
	const wanted = units(cart.items);
	let why = null;
	for (const [sku, hold] of Object.entries(state.holds)) {
		if (wanted[sku]) continue;
		if (living(hold)) await call("/stock/release", { reservation_id: hold.id });
		delete state.holds[sku];
	}
	for (const { sku, quantity } of listed(wanted)) {
		const hold = state.holds[sku];
		if (hold?.quantity === quantity && (living(hold) || !again)) continue;
		why = (await reserve([{ sku, quantity }])) || why;
	}
	state.used = !!cart.items[0];
	save();
	draw();
	const ids = alive().map((hold) => hold.id).sort().join();
	const { _bazico_cart: name, _bazico_hold: known = "" } = cart.attributes || {};
	if (cart.items.length && (name !== state.cart || known !== ids)) {
		await shop("cart/update.js", { attributes: { _bazico_cart: state.cart, _bazico_hold: ids } });
	}
	const lines = listed(wanted).filter(ours);
	if (config.cartPage && lines.length && !why) {
		const { body } = await call("/cart/validate", { cart_token: state.cart, lines });
		why = body?.lines?.find((line) => !line.ok)?.reason;
	}
	return why;
}
const later = (again) => alone(() => settle(again)).then((why) => why && say(why), () => {});
function linesOf(body) {
	if (typeof body === "string" && body.trim()[0] === "{") {
		const json = JSON.parse(body);
		const items = json.items || [json];
		return { items, write(ids) {
			items.forEach((item, n) => { if (ids[n]) item.properties = { ...item.properties, _bazico_hold: ids[n] }; });
			return JSON.stringify(json);
		} };
	}
	const form = typeof body === "string" ? new URLSearchParams(body) : body;
	if (!form?.get?.("id")) return null;
	return { items: [{ id: form.get("id"), quantity: form.get("quantity") }], write(ids) {
		if (ids[0]) form.set("properties[_bazico_hold]", ids[0]);
		return typeof body === "string" ? form.toString() : form;
	} };
}
/* Reserve, then add. Where the SKU is unknown, the other way round. */
async function add(body, send) {
	let before, why, known;
	let sent = body;
	try {
		before = await shop("cart.js");
		adopt(before);
		const asked = linesOf(body);
		const lines = asked?.items.map(({ id, quantity }) => ({ sku: config.skus[id], quantity: +quantity || 1 })) || [];
		const had = units(before.items);
		why = await reserve(listed(units(lines)).map(({ sku, quantity }) => ({ sku, quantity: quantity + (had[sku] || 0) })));
		save();
		known = lines.every(({ sku }) => sku) && lines[0];
		if (asked) sent = asked.write(lines.map(({ sku }) => living(state.holds[sku]) && state.holds[sku].id));
	} catch {}
	const answer = why ? null : await send(sent);
	try {
		if (answer) why = await settle();
		if (answer && why && !known) {
			const had = (key) => before.items.find((item) => item.key === key)?.quantity || 0;
			for (const item of (await shop("cart.js")).items) {
				const quantity = had(item.key);
				if (item.quantity > quantity && !living(state.holds[item.sku])) await shop("cart/change.js", { id: item.key, quantity });
			}
		}
	} catch {}
	if (why) say(why);
	return why && !(known && answer) ? { text: JSON.stringify({ status: 422, message: why, description: why }) } : { answer };
}
function kind(url, method) {
	try {
		const { origin, pathname } = new URL(url, location.href);
		const found = /\/cart\/(add|change|update|clear)(\.js)?$/.exec(pathname);
		return /^post$/i.test(method) && origin === location.origin && found ? found[1] : "";
	} catch { return ""; }
}
window.fetch = function (input, init) {
	const what = kind(input?.url || input, init?.method || input?.method);
	if (!what) return fetchNow(input, init);
	if (what !== "add") return fetchNow(input, init).finally(() => { later(); });
	const send = (body) => fetchNow(input, body ? { ...init, body } : init);
	return alone(() => add(init?.body, send)).then(({ answer, text }) => answer ||
		new Response(text, { status: 422, headers: { "Content-Type": "application/json" } }));
};
const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (...how) {
	this.bazico = how[2] !== false && kind(how[1], how[0]);
	return open.apply(this, how);
};
XMLHttpRequest.prototype.send = function (body) {
	if (this.bazico !== "add") {
		if (this.bazico) this.addEventListener("loadend", () => later());
		return send.call(this, body);
	}
	alone(() => add(body, (sent) => new Promise((done) => {
		this.addEventListener("loadend", () => done(1));
		send.call(this, sent);
	}))).then(({ text }) => {
		if (text && this.readyState < 2) for (const name of ["error", "loadend"]) this.dispatchEvent(new ProgressEvent(name));
	}, () => {});
};
/* A form that no theme script took over. */
window.addEventListener("submit", (event) => {
	const form = event.target;
	const action = form.getAttribute("action");
	if (event.defaultPrevented || kind(action, form.method) !== "add") return;
	event.preventDefault();
	const native = () => HTMLFormElement.prototype.submit.call(form);
	window.fetch(action, { method: "POST", body: new FormData(form, event.submitter) }).then((answer) => {
		if (answer.ok) location.assign(answer.redirected ? answer.url : `${root}cart`);
		else if (part("note").hidden) native();
	}, native);
});
function say(text, again) {
	part("text").textContent = text;
	part("again").hidden = !again;
	part("note").hidden = false;
}
/* Minutes, and seconds in the last two; nothing without a living hold. */
function draw(tick) {
	const holds = alive();
	if (tick && holds.length < counted) say(texts.over, true);
	counted = holds.length;
	clearTimeout(ticking);
	part("clock").hidden = !config.countdown || !counted;
	if (!counted) { state.extended = false; return; }
	const left = Math.min(...holds.map((hold) => hold.ends)) - Date.now();
	const [text, unit] = left > 12e4 ? [texts.minutes, 6e4] : [texts.seconds, 1e3];
	part("time").textContent = text.replace("[n]", Math.floor(left / unit));
	ticking = setTimeout(draw, 1000, true);
	if (config.cartPage && left < 12e4 && document.hasFocus() && !state.extended) {
		state.extended = true;
		call("/stock/extend", { cart_token: state.cart }).then(({ status, body }) => { if (status === 200) keep(body.reservations); save(); });
	}
}
part("close").onclick = () => { part("note").hidden = true; };
part("again").onclick = () => { part("note").hidden = true; later(true); };
window.addEventListener("pageshow", (event) => { if (event.persisted) later(); });
if (config.items || config.cartPage || localStorage.bazico) later();
})();
