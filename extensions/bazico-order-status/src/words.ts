// What the customer reads, in their language and time zone.

import type { OrderUnits, Standing } from "./service";

type Tone = "info" | "success" | "warning";

/** A heading with a sentence below it. */
export interface Text {
  tone: Tone;
  heading: string;
  body: string;
}

const TONES: Partial<Record<Standing, Tone>> = { held: "info", bought: "success", over: "warning", short: "warning" };

/** The text for how the units stand; nothing where there is nothing to say. */
export function sentence({ standing, held, until }: OrderUnits): Text | undefined {
  const tone = TONES[standing];
  if (!tone) return undefined;
  const { translate } = shopify.i18n;
  const heading = translate(`${standing}.heading`);
  if (standing !== "held" || !until) return { tone, heading, body: translate(`${standing}.body`) };
  return { tone, heading, body: translate("held.body", { count: held, time: timeOf(until) }) };
}

// With its day: a boleto is due in days.
function timeOf(until: number): string {
  return shopify.i18n.formatDate(new Date(until), {
    inExtensionLocale: true,
    timeZone: shopify.localization.timezone.value,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
  });
}
