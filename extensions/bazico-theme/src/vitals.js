/*! Built from extensions/bazico-theme/src by `npm run build`; docs/storefront.md. */

// How fast this page is for its visitor: three numbers, sent once, when the page is left. Off unless the merchant wants it.
// The browser's own observers measure; nothing here says who the visitor is.

const { proxy } = document.currentScript.dataset;

let lcp;
let inp;
let shift = 0;
let worstShift = 0;
let shiftBegan = 0;
let shiftEnded = 0;

const observe = (type, each, more) => {
  try {
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true, ...more });
  } catch {
    // A browser that does not measure this.
  }
};

observe("largest-contentful-paint", (entry) => {
  lcp = entry.startTime;
});
observe("event", (entry) => {
  if (entry.interactionId) inp = Math.max(inp ?? 0, entry.duration);
}, { durationThreshold: 16 });
// Shifts count together while less than a second lies between two, for five seconds at most; the worst such time counts.
observe("layout-shift", (entry) => {
  if (entry.hadRecentInput) return;
  const at = entry.startTime;
  if (at - shiftEnded > 1000 || at - shiftBegan > 5000) [shift, shiftBegan] = [0, at];
  shiftEnded = at;
  shift += entry.value;
  worstShift = Math.max(worstShift, shift);
});

const send = () => {
  if (document.visibilityState !== "hidden") return;
  removeEventListener("visibilitychange", send, true);
  const measured = { lcp_ms: rounded(lcp), inp_ms: rounded(inp), cls_ten_thousandths: rounded(worstShift * 10000) };
  navigator.sendBeacon(`${proxy}/web-vitals`, new Blob([JSON.stringify(measured)], { type: "application/json" }));
};
const rounded = (number) => (number === undefined ? undefined : Math.round(number));
addEventListener("visibilitychange", send, true);
