// What the service says of the order.

/** Where the service is: the host of shopify.app.toml. */
const SERVICE = "https://estoque.example.com";
const PATIENCE_MS = 5000;

/** How the order's units stand; of `none` there is nothing to say. */
export type Standing = "unknown" | "held" | "over" | "bought" | "short" | "none";

/** `until`: when the first unit is anybody's, in milliseconds by this browser's clock. `held`: units. */
export interface OrderUnits {
  standing: Standing;
  until?: number;
  held: number;
}

/** Which order the page is about; `confirmationNumber` proves that it is the customer's. */
export interface OrderOnPage {
  id: string;
  confirmationNumber?: string;
}

/** Asks the service; nothing where it does not answer in time, refuses, or there is nothing to prove the order by. */
export async function askService(order: OrderOnPage): Promise<OrderUnits | undefined> {
  if (!order.confirmationNumber) return;
  try {
    const token = await shopify.sessionToken.get();
    const answer = await fetch(`${SERVICE}/customer/order`, {
      method: "POST",
      headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ order_id: order.id, confirmation_number: order.confirmationNumber }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok ? read(await answer.json()) : undefined;
  } catch {
    return undefined;
  }
}

// The customer's clock may be wrong; what is left by the service's is right.
function read(told: { standing: Standing; now: string | null; until: string | null; held: number }): OrderUnits {
  const { standing, now, until, held } = told;
  if (!now || !until) return { standing, held };
  return { standing, held, until: Date.now() + Date.parse(until) - Date.parse(now) };
}
