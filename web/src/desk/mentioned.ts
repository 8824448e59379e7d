import type { Card, ChatEvent } from "../shared/wire";

/** A list of orders mentions each of them. */
function each(card: Card | null): Card[] {
  if (!card) return [];
  return card.kind === "orders" ? card.orders.map((order) => ({ kind: "order", ...order })) : [card];
}

function name(card: Card): string | null {
  if (card.kind === "order") return `order ${card.order_id}`;
  return card.kind === "parcel" ? `parcel ${card.waybill}` : null;
}

/** The orders and parcels shown in a conversation: each once, as last shown, newest first. */
export function mentioned(events: readonly ChatEvent[], most = 4): Card[] {
  const found = new Map<string, Card>();
  for (const event of [...events].reverse())
    for (const card of each(event.card)) {
      const key = name(card);
      if (key && !found.has(key) && found.size < most) found.set(key, card);
    }
  return [...found.values()];
}
