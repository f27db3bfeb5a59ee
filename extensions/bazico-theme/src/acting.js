// While Shopify's own action works for us, what it asks of the cart has had its turn.

export let isActing = false;

/** Calls an action and returns what it returns. */
export async function acting(call) {
  isActing = true;
  try {
    return await call();
  } finally {
    isActing = false;
  }
}
