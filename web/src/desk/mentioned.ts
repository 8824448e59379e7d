import type { Card, ChatEvent } from "../shared/wire";

function name(card: Card): string | null {
  if (card.kind === "order") return `order ${card.order_id}`;
  return card.kind === "parcel" ? `parcel ${card.waybill}` : null;
}

/** The orders and parcels shown in a conversation: each once, as last shown, newest first. */
export function mentioned(events: readonly ChatEvent[], most = 4): Card[] {
  const found = new Map<string, Card>();
  for (let index = events.length - 1; index >= 0 && found.size < most; index -= 1) {
    const card = events[index]!.card;
    const key = card && name(card);
    if (card && key && !found.has(key)) found.set(key, card);
  }
  return [...found.values()];
}
