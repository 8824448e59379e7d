import type { ChatEvent, EventKind } from "../src/shared/wire";

/** One line of a log. */
export function line(seq: number, kind: EventKind, more: Partial<ChatEvent> = {}): ChatEvent {
  const at = new Date(Date.parse("2026-11-21T10:00:00+08:00") + seq * 1000).toISOString();
  const author = kind === "bot" ? "智能客服" : kind === "agent" ? "小林" : "";
  return { seq, kind, at, text: `${kind} ${seq}`, client_id: null, buttons: [], card: null, picture: null, author, code: null, ...more };
}

/** A promise with its handles outside. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

/** Let everything that is ready to run, run. */
export const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));
