/* Session tokens: in the header of each request to the app, and in the address that a bounced page asks for. */
(() => {
	const { plainFetch, config } = window.bazicoBridge;
	const FRESH_MS = 45_000;
	let held = { token: "", until: 0 };
	async function idToken() {
		if (held.until < Date.now()) {
			const answer = await plainFetch(`/sandbox/admin/session-token?shop=${encodeURIComponent(config.shop || "")}`);
			held = { token: (await answer.json()).token, until: Date.now() + FRESH_MS };
		}
		return held.token;
	}
	async function fetchWithToken(input, init) {
		const request = new Request(input, init);
		if (new URL(request.url).origin !== location.origin || request.headers.has("Authorization")) return plainFetch(request);
		const again = request.clone();
		const send = async (one) => {
			one.headers.set("Authorization", `Bearer ${await idToken()}`);
			return plainFetch(one);
		};
		const answer = await send(request);
		if (answer.status !== 401 || !answer.headers.get("X-Shopify-Retry-Invalid-Session-Request")) return answer;
		held.until = 0;
		return send(again);
	}
	window.fetch = fetchWithToken;
	window.bazicoBridge.idToken = idToken;
	const reload = new URLSearchParams(location.search).get("shopify-reload");
	if (reload) {
		idToken().then((token) => {
			const target = new URL(reload, location.origin);
			if (target.origin !== location.origin) return;
			target.searchParams.set("id_token", token);
			location.replace(target);
		});
	}
})();
