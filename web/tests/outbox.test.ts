import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../src/shared/http";
import { Outbox } from "../src/shared/outbox";
import { empty, type Thread } from "../src/shared/thread";
import type { ChatEvent, Outgoing } from "../src/shared/wire";
import { deferred, line } from "./samples";

let thread: Thread;
let asked: Outgoing[];
let answers: ((outgoing: Outgoing) => Promise<ChatEvent>)[];
let outbox: Outbox;
let seq: number;

const stored = (outgoing: Outgoing): Promise<ChatEvent> =>
  Promise.resolve(line((seq += 1), "shopper", { client_id: outgoing.client_id, text: outgoing.text ?? "" }));
const refused = (status: number, retryAfter: number | null = null) => (): Promise<ChatEvent> =>
  Promise.reject(new ApiError("原因", "code", status, retryAfter));
const flushed = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  thread = empty();
  asked = [];
  answers = [];
  seq = 0;
  outbox = new Outbox({
    thread: () => thread,
    update: (changed) => (thread = changed),
    deliver: (outgoing) => {
      asked.push(outgoing);
      return (answers.shift() ?? stored)(outgoing);
    },
    tried: () => undefined,
  });
});
afterEach(() => vi.useRealTimers());

describe("Outbox", () => {
  it("sends one at a time, in the order written", async () => {
    const first = deferred<ChatEvent>();
    answers = [() => first.promise];
    outbox.post({ text: "一" }, "一");
    outbox.post({ text: "二" }, "二");
    await flushed();
    expect(asked.map((outgoing) => outgoing.text)).toEqual(["一"]);
    first.resolve(await stored(asked[0]!));
    await flushed();
    expect(asked.map((outgoing) => outgoing.text)).toEqual(["一", "二"]);
    expect(thread.events.map((event) => event.text)).toEqual(["一", "二"]);
    expect(thread.pending).toEqual([]);
  });

  it("keeps a message that failed and sends it again under the same client id", async () => {
    answers = [refused(0)];
    outbox.post({ text: "在吗" }, "在吗");
    await flushed();
    expect(thread.pending[0]).toMatchObject({ delivery: "failed", reason: "还没发出，恢复后自动重发", retryable: true });
    outbox.retry(thread.pending[0]!.outgoing.client_id);
    await flushed();
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
    expect(thread.events).toHaveLength(1);
  });

  it("does not offer to send again what can never be accepted", async () => {
    answers = [refused(413)];
    outbox.post({ text: "太长" }, "太长");
    await flushed();
    expect(thread.pending[0]).toMatchObject({ delivery: "failed", retryable: false });
    outbox.retryAll();
    await flushed();
    expect(asked).toHaveLength(1);
  });

  it("waits as long as the desk asks when messages come too fast, and loses none", async () => {
    answers = [refused(429, 3)];
    outbox.post({ text: "快" }, "快");
    await flushed();
    expect(thread.pending[0]).toMatchObject({ delivery: "sending" });
    await vi.advanceTimersByTimeAsync(2_900);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveLength(2);
    expect(thread.pending).toEqual([]);
  });

  it("gives every message an id of its own, a UUID of version 4", async () => {
    outbox.post({ text: "一" }, "一");
    outbox.post({ text: "一" }, "一");
    await flushed();
    const ids = asked.map((outgoing) => outgoing.client_id);
    expect(new Set(ids).size).toBe(2);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
