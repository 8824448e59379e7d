/** Sends a conversation's messages one at a time in the order written; a message that fails stays, with its id, to be sent again. */

import { ApiError } from "./http";
import { newId } from "./identifiers";
import { accept, drop, enqueue, fail, next, resend, type Thread } from "./thread";
import type { ChatEvent, Outgoing } from "./wire";

export interface OutboxOptions {
  thread: () => Thread;
  update: (thread: Thread) => void;
  /** Hand one message to the desk; returns it as stored, new or seen before. Raises ApiError. */
  deliver: (outgoing: Outgoing) => Promise<ChatEvent>;
  /** After each try, however it ended. */
  tried: () => void;
}

const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

export class Outbox {
  private sending = false;

  constructor(private readonly options: OutboxOptions) {}

  post(content: Omit<Outgoing, "client_id">, shown: string, id = newId()): void {
    const outgoing: Outgoing = { client_id: id, ...content };
    this.options.update(enqueue(this.options.thread(), outgoing, shown, new Date().toISOString()));
    void this.flush();
  }

  retry(clientId: string): void {
    this.options.update(resend(this.options.thread(), clientId));
    void this.flush();
  }

  /** Send again whatever failed and may succeed now, as after the network came back. */
  retryAll(): void {
    for (const message of this.options.thread().pending)
      if (message.retryable) this.options.update(resend(this.options.thread(), message.outgoing.client_id));
    void this.flush();
  }

  discard(clientId: string): void {
    this.options.update(drop(this.options.thread(), clientId));
  }

  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let message = next(this.options.thread()); message; message = next(this.options.thread()))
        await this.send(message.outgoing);
    } finally {
      this.sending = false;
    }
  }

  private async send(outgoing: Outgoing): Promise<void> {
    try {
      const stored = await this.options.deliver(outgoing);
      this.options.update(accept(this.options.thread(), stored));
    } catch (error) {
      const refusal = error instanceof ApiError ? error : new ApiError("没有发送成功", "unknown", 500);
      // Too fast: the message stays in the queue and goes out when the desk allows it.
      if (refusal.status === 429) return wait(Math.max(1, refusal.retryAfter ?? 1) * 1000);
      const again = refusal.passing || refusal.status === 401;
      const reason = refusal.passing ? "还没发出，恢复后自动重发" : refusal.message;
      this.options.update(fail(this.options.thread(), outgoing.client_id, reason, again));
    }
    this.options.tried();
  }
}
