// The block on the order-status page: until when the order's units are held, that they are bought, or that it is over.

import "@shopify/ui-extensions/preact";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { askService, type OrderUnits } from "./service";
import { nextLookMs } from "./pace";
import { sentence } from "./words";

/** Shopify's entry point. */
export default async function extension(): Promise<void> {
  render(<Block />, document.body);
}

function Block() {
  const order = shopify.order.value;
  const units = useOrderUnits();
  const text = order && units && sentence(units);
  if (!text) return null;
  // A banner is a polite live region: a screen reader hears a change once, and the focus stays where it is.
  return (
    <s-banner tone={text.tone} heading={text.heading}>
      <s-text>{text.body}</s-text>
    </s-banner>
  );
}

/** How the units stand, asked again while that may change and the page is open. */
function useOrderUnits(): OrderUnits | undefined {
  const order = shopify.order.value;
  const [units, setUnits] = useState<OrderUnits>();
  useEffect(() => {
    if (!order) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    let looks = 0;
    const look = async () => {
      const found = await askService(order);
      if (isOver) return;
      // What was known stays on the page while the service does not answer.
      if (found) setUnits(found);
      const wait = nextLookMs(found, ++looks);
      if (wait !== undefined) timer = setTimeout(look, wait);
    };
    look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [order?.id]);
  return units;
}
