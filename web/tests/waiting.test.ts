import { describe, expect, it } from "vitest";
import { queueLine } from "../src/widget/waiting";

const waiting = { place: 2, minutes: 5, after_hours: false, back: null };

describe("what somebody who waits is told", () => {
  it("names the place and, in working hours, the minutes", () => {
    expect(queueLine(waiting)).toBe("正在转接人工客服，您排在第 2 位，预计 5 分钟");
    expect(queueLine({ ...waiting, minutes: null })).toBe("正在转接人工客服，您排在第 2 位");
  });

  it("says at night when people are back, and that the bot answers", () => {
    const night = { ...waiting, minutes: null, after_hours: true };
    expect(queueLine({ ...night, back: "明天 09:00" })).toBe("您排在第 2 位，人工客服 明天 09:00 上班后按顺序回复；现在可以先问智能客服");
    expect(queueLine(night)).toBe("您排在第 2 位，人工客服回来后按顺序回复；现在可以先问智能客服");
  });
});
