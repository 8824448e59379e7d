/** The messages of one conversation as a client knows them: the stored log plus what is still on its way. Pure functions. */

import type { ChatEvent, Outgoing } from "./wire";

export type Delivery = "sending" | "failed";

/** A message of ours that the log does not hold yet. Its client_id never changes, so sending again is safe. */
export interface Pending {
  outgoing: Outgoing;
  shown: string;
  at: string;
  delivery: Delivery;
  /** Why it failed, fit to show. */
  reason: string;
  /** False when the same text can never be accepted (too long, empty). */
  retryable: boolean;
}

export interface Thread {
  events: ChatEvent[];
  pending: Pending[];
  /** Everything up to this number has been fetched. */
  last: number;
}

export const empty = (): Thread => ({ events: [], pending: [], last: 0 });

function add(thread: Thread, arrived: readonly ChatEvent[]): Thread {
  const known = new Set(thread.events.map((event) => event.seq));
  const fresh = arrived.filter((event) => !known.has(event.seq) && known.add(event.seq));
  const ids = new Set(arrived.map((event) => event.client_id));
  const left = thread.pending.filter((message) => !ids.has(message.outgoing.client_id));
  return {
    events: fresh.length ? [...thread.events, ...fresh].sort((a, b) => a.seq - b.seq) : thread.events,
    pending: left.length === thread.pending.length ? thread.pending : left,
    last: thread.last,
  };
}

/** Add what was fetched after `last`: each number once, in order; a pending message that arrived leaves the queue. */
export function merge(thread: Thread, fetched: readonly ChatEvent[]): Thread {
  const last = fetched.reduce((end, event) => Math.max(end, event.seq), thread.last);
  return { ...add(thread, fetched), last };
}

/** Add our own message as the desk stored it. `last` stays: somebody else's message may have come just before it. */
export function accept(thread: Thread, stored: ChatEvent): Thread {
  return add(thread, [stored]);
}

export function enqueue(thread: Thread, outgoing: Outgoing, shown: string, at: string): Thread {
  const message: Pending = { outgoing, shown, at, delivery: "sending", reason: "", retryable: true };
  return { ...thread, pending: [...thread.pending, message] };
}

function change(thread: Thread, clientId: string, fields: Partial<Pending>): Thread {
  const pending = thread.pending.map((message) =>
    message.outgoing.client_id === clientId ? { ...message, ...fields } : message,
  );
  return { ...thread, pending };
}

export function fail(thread: Thread, clientId: string, reason: string, retryable: boolean): Thread {
  return change(thread, clientId, { delivery: "failed", reason, retryable });
}

export function resend(thread: Thread, clientId: string): Thread {
  return change(thread, clientId, { delivery: "sending", reason: "" });
}

export function drop(thread: Thread, clientId: string): Thread {
  return { ...thread, pending: thread.pending.filter((message) => message.outgoing.client_id !== clientId) };
}

/** The oldest message still to be sent: messages leave one at a time, so they arrive in the order typed. */
export function next(thread: Thread): Pending | undefined {
  return thread.pending.find((message) => message.delivery === "sending");
}

/** Quick replies still answer something after this number: the shopper's last word; Infinity while one is on its way. */
export function answeredUpTo(thread: Thread): number {
  if (thread.pending.length) return Infinity;
  return thread.events.reduce((end, event) => (event.kind === "shopper" ? event.seq : end), 0);
}

/** How many messages from the other side came after `seen`. */
export function unseen(thread: Thread, seen: number, from: readonly ChatEvent["kind"][]): number {
  return thread.events.filter((event) => event.seq > seen && from.includes(event.kind)).length;
}
