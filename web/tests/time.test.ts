import { describe, expect, it } from "vitest";
import { waited } from "../src/desk/waited";
import { apart, deadline, spokenTime } from "../src/shared/time";

const NOW = Date.parse("2026-11-21T10:32:30+08:00");

describe("spokenTime", () => {
  it.each([
    ["2026-11-21T10:32:00+08:00", "刚刚"],
    ["2026-11-21T10:33:00+08:00", "刚刚"],
    ["2026-11-21T10:30:00+08:00", "10:30"],
    ["2026-11-21T00:05:00+08:00", "00:05"],
    ["2026-11-20T23:59:00+08:00", "昨天 23:59"],
    ["2026-11-19T23:59:00+08:00", "11月19日"],
    ["2025-11-20T08:00:00+08:00", "2025年11月20日"],
  ])("says %s as %s", (at, said) => {
    expect(spokenTime(at, NOW)).toBe(said);
  });

  it("counts days in the shop's zone, whatever zone the time was written in", () => {
    expect(spokenTime("2026-11-20T16:30:00Z", NOW)).toBe("00:30");
    expect(spokenTime("2026-11-20T15:30:00Z", NOW)).toBe("昨天 23:30");
  });

  it("adds the clock to older days when asked to", () => {
    expect(spokenTime("2026-11-02T09:05:00+08:00", NOW, true)).toBe("11月2日 09:05");
  });

  it("says nothing for what is no time", () => {
    expect(spokenTime("soon", NOW)).toBe("");
  });
});

describe("deadline", () => {
  it.each([
    ["2026-11-21T10:32:00+08:00", "今天 10:32"],
    ["2026-11-20T16:30:00Z", "今天 00:30"],
    ["2026-11-22T18:00:00+08:00", "明天 18:00"],
    ["2026-11-20T18:00:00+08:00", "昨天 18:00"],
    ["2026-11-24T12:00:00+08:00", "11月24日 12:00"],
    ["2027-01-04T12:00:00+08:00", "2027年1月4日 12:00"],
    ["soon", ""],
  ])("says %s as %s", (at, said) => {
    expect(deadline(at, NOW)).toBe(said);
  });
});

describe("waited", () => {
  it.each([
    ["2026-11-21T10:32:00+08:00", "不到1分钟"],
    ["2026-11-21T10:40:00+08:00", "不到1分钟"],
    ["2026-11-21T10:27:00+08:00", "5分钟"],
    ["2026-11-21T08:22:00+08:00", "2小时10分"],
    ["2026-11-21T08:32:30+08:00", "2小时"],
    ["2026-11-18T08:32:30+08:00", "3天"],
  ])("from %s it has been %s", (since, said) => {
    expect(waited(since, NOW)).toBe(said);
  });
});

describe("apart", () => {
  it("shows a time above the first message and after five silent minutes", () => {
    expect(apart(null, "2026-11-21T10:00:00+08:00")).toBe(true);
    expect(apart("2026-11-21T10:00:00+08:00", "2026-11-21T10:04:59+08:00")).toBe(false);
    expect(apart("2026-11-21T10:00:00+08:00", "2026-11-21T10:05:00+08:00")).toBe(true);
  });
});
