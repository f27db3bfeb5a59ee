// The pages inside Shopify's admin: links and forms without a reload, parts that refresh by themselves, countdowns.
// App Bridge puts the session token on every fetch. Nothing here decides anything: the server does.
(() => {
  "use strict";

  const page = () => document.getElementById("page");
  const words = document.getElementById("words").dataset;
  const clock = { skew: Date.parse(document.body.dataset.now) - Date.now() };
  const now = () => Date.now() + clock.skew;
  let visit = 0;

  // --- asking the server ---------------------------------------------------------------------------------------------
  const locale = () => new URLSearchParams(location.search).get("locale") || window.shopify?.config?.locale || "";
  const ask = (address, options = {}) =>
    fetch(address, { ...options, headers: { "Bazico-Locale": locale(), ...options.headers } });

  // What stands above the page while its figures are from before. What goes wrong with an order stays in the page until
  // it is put away or the next order is given: a toast would be gone before it was read.
  const trouble = (what) => ["offline", "unanswered"].forEach((id) => { document.getElementById(id).hidden = id !== what; });
  const unless = (answer, ...expected) => {
    if (!answer.ok && !expected.includes(answer.status)) throw Object.assign(new Error(answer.status), { answered: true });
  };
  const stale = (error) => trouble(error.answered ? "unanswered" : "offline");
  const complain = (message) => {
    const banner = document.createElement("s-banner");
    Object.entries({ tone: "critical", dismissible: "", "data-complaint": "" }).forEach((pair) => banner.setAttribute(...pair));
    banner.textContent = message;
    page().querySelector("s-page")?.prepend(banner);
    banner.scrollIntoView({ block: "nearest" });
  };
  const forget = () => document.querySelectorAll("[data-complaint]").forEach((banner) => banner.remove());

  // --- whole pages ---------------------------------------------------------------------------------------------------
  const show = (html) => {
    const next = new DOMParser().parseFromString(html, "text/html");
    const found = next.getElementById("page");
    if (!found) return false;
    clock.skew = Date.parse(next.body.dataset.now) - Date.now();
    document.title = next.title;
    document.documentElement.lang = next.documentElement.lang;
    document.querySelector("s-app-nav")?.replaceWith(next.querySelector("s-app-nav"));
    page().replaceWith(found);
    begin();
    return true;
  };

  const go = async (address, how = "push") => {
    const mine = ++visit;
    window.shopify?.loading?.(true);
    try {
      const answer = await ask(address);
      const html = await answer.text();
      if (mine !== visit) return;
      unless(answer, 404, 422);
      if (how === "push") history.pushState({}, "", address);
      if (!show(html)) location.assign(address);
      if (how === "push") window.scrollTo(0, 0);
      trouble();
    } catch (error) {
      if (mine === visit) stale(error);
    } finally {
      window.shopify?.loading?.(false);
    }
  };

  const ours = (link) => {
    const href = link?.getAttribute?.("href");
    if (!href || link.getAttribute("target") || link.hasAttribute("download")) return null;
    const address = new URL(href, location.href);
    return address.origin === location.origin && address.pathname.startsWith("/app/") ? address.href : null;
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const address = event.composedPath().map(ours).find(Boolean);
    if (!address) return;
    event.preventDefault();
    go(address);
  });
  // App Bridge's menu and Polaris' links ask this way.
  document.addEventListener("shopify:navigate", (event) => {
    const address = ours(event.target);
    if (address) { event.preventDefault(); go(address); }
  });
  window.addEventListener("popstate", () => go(location.href, "keep"));

  // --- forms ---------------------------------------------------------------------------------------------------------
  // <form data-post novalidate>: an order; the answer is JSON (done) or the page again with its errors, which the server
  // explains beside each field.
  // <form data-get>: a search; it asks as one types.
  const busy = (form, is) => form.querySelectorAll("s-button[type=submit]").forEach((b) => { b.toggleAttribute("loading", is); });

  const post = async (form, submitter) => {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    busy(form, true);
    forget();
    const body = new FormData(form);
    if (submitter?.getAttribute?.("name")) body.set(submitter.getAttribute("name"), submitter.getAttribute("value") || "");
    try {
      const answer = await ask(form.getAttribute("action") || location.href, { method: "POST", body });
      if ((answer.headers.get("Content-Type") || "").includes("json")) {
        const said = await answer.json();
        if (answer.ok) window.shopify?.toast?.show(said.message);
        await go(said.go || location.href, said.go ? "push" : "keep");
        if (!answer.ok) complain(said.message || words.failed);
      } else if (show(await answer.text())) {
        page().querySelector("[error]")?.focus?.();
      } else {
        complain(words.failed);
      }
    } catch {
      complain(words.failed);
    } finally {
      delete form.dataset.busy;
      busy(form, false);
    }
  };

  // <s-button data-save="address" data-name="file">: a file needs the session token too, so it is fetched and then saved.
  const save = async (button) => {
    button.toggleAttribute("loading", true);
    try {
      const answer = await ask(button.dataset.save);
      unless(answer);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await answer.blob());
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch (error) {
      stale(error);
    } finally {
      button.toggleAttribute("loading", false);
    }
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-save]");
    if (button) save(button);
  });

  // <s-button data-order="address">: an order without fields, inside a form that has others.
  // <s-button data-choose="name">: ticks every box of that name in its form, or none if all are ticked.
  const order = (address) => {
    const form = document.createElement("form");
    form.setAttribute("action", address);
    post(form);
  };
  const choose = (button) => {
    const boxes = [...button.closest("form").querySelectorAll(`s-checkbox[name="${button.dataset.choose}"]`)];
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !all; });
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-order], [data-choose]");
    if (button?.dataset.order) order(button.dataset.order);
    if (button?.dataset.choose) choose(button);
  });

  let typing = 0;
  // The parts alone are asked anew, at the new address: the field that is being typed into is left as it is.
  const search = (form) => {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    const address = (form.getAttribute("action") || location.pathname) + (query.size ? "?" + query : "");
    history.replaceState({}, "", address);
    document.querySelectorAll("[data-live]").forEach(refresh);
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-post]")) { event.preventDefault(); post(form, event.submitter); }
    if (form.matches("[data-get]")) { event.preventDefault(); clearTimeout(typing); search(form); }
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-get]");
    if (!form) return;
    clearTimeout(typing);
    typing = setTimeout(() => search(form), 300);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-get]");
    if (form) { clearTimeout(typing); search(form); }
  });

  // --- parts that refresh by themselves ------------------------------------------------------------------------------
  // <div data-live="name" data-every="5">: nothing is asked while the page is hidden, and 304 changes nothing.
  const tags = new WeakMap();
  const inUse = (part) => {
    const active = document.activeElement;
    return part.contains(active) && active.matches("input, select, textarea, s-text-field, s-number-field, s-search-field, s-select")
      || part.querySelector("s-modal[open], dialog[open]")
      // What is ticked is a choice under way: a refresh would forget it.
      || [...part.querySelectorAll("s-checkbox")].some((box) => box.checked);
  };

  const refresh = async (part) => {
    if (document.hidden || inUse(part)) return;
    if (part.dataset.asking) { part.dataset.again = "1"; return; }
    part.dataset.asking = "1";
    try {
      const tag = tags.get(part);
      const headers = { "Bazico-Part": part.dataset.live, ...(tag && { "If-None-Match": tag }) };
      const answer = await ask(location.href, { headers });
      unless(answer, 304, 404);
      trouble();
      if (answer.status !== 200 || !part.isConnected || inUse(part)) return;
      tags.set(part, answer.headers.get("ETag"));
      const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
      const opened = [...part.querySelectorAll("details[open][id]")].map((one) => one.id);
      part.innerHTML = await answer.text();
      opened.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
      if (focused) document.getElementById(focused)?.focus?.();
      tick();
    } catch (error) {
      stale(error);
    } finally {
      delete part.dataset.asking;
      if (part.dataset.again && part.isConnected) { delete part.dataset.again; refresh(part); }
    }
  };

  const due = (part) => {
    const every = Number(part.dataset.every || 10) * 1000;
    if (now() - Number(part.dataset.asked || 0) < every) return;
    part.dataset.asked = now();
    refresh(part);
  };

  // --- times ---------------------------------------------------------------------------------------------------------
  const said = (pattern, n) => pattern.replace("{n}", n);
  const span = (seconds) => {
    if (seconds < 120) return said(words.seconds, Math.max(0, Math.round(seconds)));
    if (seconds < 7200) return said(words.minutes, Math.floor(seconds / 60));
    return seconds < 172800 ? said(words.hours, Math.floor(seconds / 3600)) : said(words.days, Math.floor(seconds / 86400));
  };
  const write = (element, text) => { if (element.textContent !== text) element.textContent = text; };

  // <time data-until="..." data-over="expirou">: counts down. <time data-since="...">: says how old.
  const tick = () => {
    document.querySelectorAll("[data-until]").forEach((element) => {
      const left = (Date.parse(element.dataset.until) - now()) / 1000;
      write(element, left > 0 ? span(left) : element.dataset.over);
      if (left <= 0 && !element.dataset.ended) {
        element.dataset.ended = "1";
        const part = element.closest("[data-live]");
        if (part) setTimeout(() => refresh(part), 500);
      }
    });
    document.querySelectorAll("[data-since]").forEach((element) => {
      write(element, words.ago.replace("{time}", span((now() - Date.parse(element.dataset.since)) / 1000)));
    });
  };

  setInterval(() => {
    if (document.hidden) return;
    tick();
    document.querySelectorAll("[data-live]").forEach(due);
  }, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) document.querySelectorAll("[data-live]").forEach(refresh); });
  window.addEventListener("offline", () => trouble("offline"));
  window.addEventListener("online", () => document.querySelectorAll("[data-live]").forEach(refresh));

  // --- what only the browser can see ---------------------------------------------------------------------------------
  // Whether the theme embed is on is known to App Bridge alone; the set-up guide asks it here.
  const observe = async () => {
    const place = document.querySelector("[data-observe-embed]");
    if (!place || !window.shopify?.app?.extensions) return;
    try {
      const extensions = await window.shopify.app.extensions();
      const on = extensions.some((one) => one.type === "theme_app_extension" &&
        one.activations?.some((block) => block.status === "active"));
      const body = new FormData();
      body.set("on", on ? "1" : "0");
      const answer = await ask(place.dataset.observeEmbed, { method: "POST", body });
      if (answer.ok && (await answer.json()).changed) place.querySelectorAll("[data-live]").forEach(refresh);
    } catch { /* the guide keeps what it knew */ }
  };

  const begin = () => {
    document.querySelectorAll("[data-live]").forEach((part) => { part.dataset.asked = now(); });
    tick();
    observe();
  };
  begin();
})();
