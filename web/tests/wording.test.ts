import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Finding } from "../src/desk/api";
import { wording } from "../src/desk/wording";

const found = (span: string): Finding => ({ span, why: "不合适", expected: "换个说法" });

describe("the eye on an agent's draft", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks once, when the agent pauses", async () => {
    const asked: string[] = [];
    const shown: Finding[][] = [];
    const eye = wording((text) => (asked.push(text), Promise.resolve([found(text)])), (f) => shown.push(f));
    eye.look("加");
    eye.look("加我");
    eye.look("加我微信 ");
    expect(asked).toEqual([]);
    await vi.runAllTimersAsync();
    expect(asked).toEqual(["加我微信"]);
    expect(shown).toEqual([[found("加我微信")]]);
  });

  it("shows nothing for a draft that is gone or has changed meanwhile", async () => {
    const shown: Finding[][] = [];
    let answer: (findings: Finding[]) => void = () => undefined;
    const eye = wording(() => new Promise((resolve) => (answer = resolve)), (f) => shown.push(f));
    eye.look("我不能");
    await vi.runAllTimersAsync();
    eye.look("");
    answer([found("我不能")]);
    await vi.runAllTimersAsync();
    expect(shown).toEqual([[]]);
  });

  it("stays silent when the desk does not answer", async () => {
    const shown: Finding[][] = [];
    const eye = wording(() => Promise.reject(new Error("down")), (f) => shown.push(f));
    eye.look("我不能");
    await vi.runAllTimersAsync();
    expect(shown).toEqual([[]]);
  });
});
