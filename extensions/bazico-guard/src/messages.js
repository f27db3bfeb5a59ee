// What a buyer reads in the cart and at the checkout: Portuguese, or English for every other language.

const PORTUGUESE = {
  none: (item) => `${item}: sem unidades livres agora. Retire o item ou tente de novo em alguns minutos.`,
  taken: (item) => `${item}: em outros carrinhos agora. Retire o item ou tente de novo em alguns minutos.`,
  until: (item, time) => `${item}: em outros carrinhos até ${time} (hora da loja). Retire o item ou tente de novo nessa hora.`,
  some: (item, units) => `${item}: só há ${units} para este carrinho. Diminua a quantidade para continuar.`,
  tooMany: "Este carrinho tem itens disputados demais para conferir de uma vez. Divida a compra em duas.",
  item: "Um produto do carrinho",
};
const ENGLISH = {
  none: (item) => `${item}: no units are free right now. Remove the item, or try again in a few minutes.`,
  taken: (item) => `${item}: in other carts right now. Remove the item, or try again in a few minutes.`,
  until: (item, time) => `${item}: in other carts until ${time} (the shop's time). Remove the item, or try again then.`,
  some: (item, units) => `${item}: only ${units} left for this cart. Lower the quantity to go on.`,
  tooMany: "This cart has too many scarce items to check at once. Divide it into two purchases.",
  item: "An item in the cart",
};

/**
 * Why a variant stands in the way.
 *
 * @param {string | undefined} language the ISO code that Shopify gives, as PT_BR
 * @param {string | undefined} title the product's name
 * @param {number} units the units that the cart could have; NaN where that would be too much work to find out
 * @param {boolean} isHeld whether others hold units of it
 * @param {string} until when the first of those comes free, as 14:03; empty where that is not known
 * @returns {string}
 */
export function shortMessage(language, title, units, isHeld, until) {
  const texts = !language || language.startsWith("PT") ? PORTUGUESE : ENGLISH;
  if (Number.isNaN(units)) return texts.tooMany;
  const item = title || texts.item;
  if (units > 0) return texts.some(item, units);
  // Nobody is told "sold out" here: units may be in doubt, which no fact says.
  if (!isHeld) return texts.none(item);
  return until ? texts.until(item, until) : texts.taken(item);
}
