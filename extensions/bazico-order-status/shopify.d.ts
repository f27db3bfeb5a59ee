// What Shopify gives each of these files on the order-status page; `shopify app dev` writes the same.
import "@shopify/ui-extensions";

//@ts-ignore: TypeScript knows no relative module here, and types it all the same.
declare module "./src/OrderUnits.tsx" {
  const shopify: import("@shopify/ui-extensions/customer-account.order-status.block.render").Api;
}

//@ts-ignore
declare module "./src/service.ts" {
  const shopify: import("@shopify/ui-extensions/customer-account.order-status.block.render").Api;
}

//@ts-ignore
declare module "./src/words.ts" {
  const shopify: import("@shopify/ui-extensions/customer-account.order-status.block.render").Api;
}
