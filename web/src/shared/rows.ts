/** What a conversation looks like as a list: messages with a time between them, and a name where the speaker changes. */

import type { Pending, Thread } from "./thread";
import { apart } from "./time";
import type { ChatEvent, EventKind, Picture } from "./wire";

export interface Row {
  key: string;
  kind: EventKind;
  at: string;
  text: string;
  /** Shown above the message; "" inside a run of one speaker. */
  name: string;
  /** True when a time belongs above. */
  timed: boolean;
  /** Its id is "" while it is on its way. */
  picture: Picture | null;
  event: ChatEvent | null;
  pending: Pending | null;
}

function name(event: ChatEvent, shopper: string): string {
  if (event.kind === "bot") return event.author || "智能客服";
  if (event.kind === "agent") return event.author || "人工客服";
  return event.kind === "shopper" ? shopper : "";
}

/**
 * The rows of a thread, what is still on its way last. `writer` is who writes here; `shopper` is the shopper's name
 * where it has to be told apart (the agent page), "" for the shopper themself.
 */
export function rows(thread: Thread, writer: EventKind = "shopper", shopper = ""): Row[] {
  const result: Row[] = [];
  let before: ChatEvent | null = null;
  for (const event of thread.events) {
    const timed = apart(before?.at ?? null, event.at);
    const same = !timed && before?.kind === event.kind && before.author === event.author;
    result.push({
      key: event.client_id ?? `${event.seq}`,
      kind: event.kind,
      at: event.at,
      text: event.text,
      name: same ? "" : name(event, shopper),
      timed,
      picture: event.picture,
      event,
      pending: null,
    });
    before = event;
  }
  for (const pending of thread.pending)
    result.push({
      key: pending.outgoing.client_id,
      kind: writer,
      at: pending.at,
      text: pending.shown,
      name: "",
      timed: false,
      picture: pending.outgoing.picture ? { id: "", ...pending.outgoing.picture } : null,
      event: null,
      pending,
    });
  return result;
}
