import { describe, expect, it } from "vitest";
import { rows } from "../src/shared/rows";
import { accept, answeredUpTo, drop, empty, enqueue, fail, merge, next, resend, unseen } from "../src/shared/thread";
import { line } from "./samples";

const AT = "2026-11-21T02:00:00.000Z";
const sent = (id: string) => enqueue(empty(), { client_id: id, text: "在吗" }, "在吗", AT);

describe("merge", () => {
  it("keeps every number once and in order, however often it is fetched", () => {
    let thread = merge(empty(), [line(1, "shopper"), line(2, "bot")]);
    thread = merge(thread, [line(2, "bot"), line(3, "bot")]);
    expect(thread.events.map((event) => event.seq)).toEqual([1, 2, 3]);
    expect(thread.last).toBe(3);
  });

  it("takes a message that has arrived out of the queue, also when it was marked as failed", () => {
    const failed = fail(sent("a"), "a", "网络不通", true);
    const thread = merge(failed, [line(1, "shopper", { client_id: "a" })]);
    expect(thread.pending).toEqual([]);
    expect(thread.events).toHaveLength(1);
  });

  it("leaves the queue untouched, the very same list, when nothing in it arrived", () => {
    const thread = sent("a");
    expect(merge(thread, [line(1, "bot")]).pending).toBe(thread.pending);
  });
});

describe("accept", () => {
  it("shows our own message at once but still asks for what came just before it", () => {
    const thread = accept(sent("a"), line(5, "shopper", { client_id: "a" }));
    expect(thread.events).toHaveLength(1);
    expect(thread.last).toBe(0);
    const caughtUp = merge(thread, [line(4, "agent"), line(5, "shopper", { client_id: "a" })]);
    expect(caughtUp.events.map((event) => event.seq)).toEqual([4, 5]);
    expect(caughtUp.last).toBe(5);
  });
});

describe("the queue", () => {
  it("sends the oldest first and passes over what has failed", () => {
    let thread = sent("a");
    thread = enqueue(thread, { client_id: "b", text: "人呢" }, "人呢", AT);
    expect(next(thread)?.outgoing.client_id).toBe("a");
    thread = fail(thread, "a", "网络不通", true);
    expect(next(thread)?.outgoing.client_id).toBe("b");
  });

  it("sends again under the same client id", () => {
    const thread = resend(fail(sent("a"), "a", "网络不通", true), "a");
    expect(next(thread)?.outgoing).toEqual({ client_id: "a", text: "在吗" });
    expect(thread.pending[0]).toMatchObject({ delivery: "sending", reason: "" });
  });

  it("forgets a message that the writer gave up", () => {
    expect(drop(sent("a"), "a").pending).toEqual([]);
  });
});

describe("quick replies", () => {
  it("can be pressed only while they follow the shopper's last word", () => {
    const thread = merge(empty(), [line(1, "bot"), line(2, "shopper"), line(3, "bot"), line(4, "bot")]);
    expect(answeredUpTo(thread)).toBe(2);
    expect(answeredUpTo(enqueue(thread, { client_id: "a", text: "好" }, "好", AT))).toBe(Infinity);
  });
});

describe("unseen", () => {
  it("counts the other side's messages after the last one seen, never system lines", () => {
    const thread = merge(empty(), [line(1, "bot"), line(2, "shopper"), line(3, "system"), line(4, "agent"), line(5, "bot")]);
    expect(unseen(thread, 1, ["bot", "agent"])).toBe(2);
  });
});

describe("rows", () => {
  it("names a speaker only where the speaker changes", () => {
    const thread = merge(empty(), [line(1, "bot"), line(2, "bot"), line(3, "shopper"), line(4, "agent")]);
    expect(rows(thread).map((row) => row.name)).toEqual(["智能客服", "", "", "小林"]);
    expect(rows(thread, "agent", "王女士").map((row) => row.name)).toEqual(["智能客服", "", "王女士", "小林"]);
  });

  it("puts what is on its way last, on the writer's side, and keeps its place once stored", () => {
    const thread = enqueue(merge(empty(), [line(1, "shopper")]), { client_id: "a", text: "您好" }, "您好", AT);
    const waiting = rows(thread, "agent").at(-1);
    expect(waiting).toMatchObject({ kind: "agent", key: "a" });
    expect(rows(accept(thread, line(2, "agent", { client_id: "a" }))).at(-1)?.key).toBe("a");
  });
});
