import { describe, expect, it } from "vitest";
import type { Summary } from "../src/desk/api";
import { isNew, ofRole, title } from "../src/desk/attention";
import { news } from "../src/desk/bell";
import { reason, wants } from "../src/desk/labels";
import { mentioned } from "../src/desk/mentioned";
import { backOff } from "../src/shared/hints";
import type { Card } from "../src/shared/wire";
import { line } from "./samples";

const row = (fields: Partial<Summary>): Summary => ({
  id: "c1",
  status: "human",
  shopper: "林小满",
  last_text: "",
  last_at: "2026-11-21T10:00:00+08:00",
  waiting_since: null,
  after_hours: false,
  mood: "calm",
  role: "",
  reason: "",
  assignee: "小林",
  mine: true,
  ...fields,
});

describe("what the list says of a row", () => {
  it("says role and reason, one word once, and no reason while the bot has it", () => {
    expect(wants(row({ role: "complaint", reason: "complaint" }))).toEqual(["投诉"]);
    expect(wants(row({ role: "aftersales", reason: "asked_for_person" }))).toEqual(["售后", "要求人工"]);
    expect(wants(row({ status: "bot", role: "", reason: "complaint" }))).toEqual([]);
  });

  it("tells who has waited since the night", () => {
    expect(wants(row({ status: "waiting", after_hours: true }))).toEqual(["下班后来的"]);
    expect(wants(row({ status: "human", after_hours: true }))).toEqual([]);
  });
});

describe("a role's conversations", () => {
  it("are those of the role and the agent's own; without a role all", () => {
    const [sales, packing] = [row({ id: "a", role: "sales", mine: false }), row({ id: "b", role: "packing", mine: false })];
    const own = row({ id: "c", role: "" });
    expect(ofRole([sales, packing, own], "packing")).toEqual([packing, own]);
    expect(ofRole([sales, packing, own], "")).toEqual([sales, packing, own]);
  });
});

describe("the agent's attention", () => {
  it("marks my conversations with a line that I have not seen, but not the open one", () => {
    expect(isNew(row({}), {}, undefined)).toBe(true);
    expect(isNew(row({}), {}, "c1")).toBe(false);
    expect(isNew(row({}), { c1: "2026-11-21T10:00:00+08:00" }, undefined)).toBe(false);
    expect(isNew(row({ mine: false }), {}, undefined)).toBe(false);
  });

  it("counts who waits and what is new in the window's title", () => {
    const waiting = row({ id: "c2", status: "waiting", mine: false });
    expect(title([waiting, row({})], {}, undefined)).toBe("(2) 店小二 客服台");
    expect(title([row({})], {}, "c1")).toBe("店小二 客服台");
  });
});

describe("the bell", () => {
  const at = (time: string, more: Partial<Summary> = {}) => [row({ last_at: `2026-11-21T${time}+08:00`, ...more })];

  it("rings for a new line in a conversation of mine that is not on screen", () => {
    expect(news(at("10:00:00"), at("10:00:05"), undefined)).toHaveLength(1);
    expect(news(at("10:00:00"), at("10:00:05"), "c1")).toEqual([]);
    expect(news(at("10:00:00"), at("10:00:00"), undefined)).toEqual([]);
  });

  it("is silent for others' conversations, and for one that I have just taken over", () => {
    expect(news(at("10:00:00", { mine: false }), at("10:00:05", { mine: false }), undefined)).toEqual([]);
    expect(news(at("10:00:00", { mine: false }), at("10:00:05"), undefined)).toEqual([]);
    expect(news([], at("10:00:05"), undefined)).toEqual([]);
  });
});

describe("reason", () => {
  it("puts known codes into words, shows words as they are, and hides unknown codes", () => {
    expect(reason("asked_for_person")).toBe("要求人工");
    expect(reason("三次没听懂")).toBe("三次没听懂");
    expect(reason("some_new_code")).toBe("");
  });
});

describe("mentioned", () => {
  it("lists each order and parcel once, as last shown, newest first", () => {
    const order = (state: string) => ({ kind: "order", order_id: "1", state }) as Card;
    const parcel = { kind: "parcel", waybill: "9" } as Card;
    const events = [line(1, "bot", { card: order("运输中") }), line(2, "bot", { card: parcel }), line(3, "bot", { card: order("已签收") })];
    expect(mentioned(events)).toEqual([order("已签收"), parcel]);
  });

  it("counts the orders of a list, and shows no more than fit", () => {
    const orders = ["1", "2", "3", "4", "5"].map((order_id) => ({ order_id }));
    const found = mentioned([line(1, "bot", { card: { kind: "orders", orders } as Card })]);
    expect(found).toEqual(orders.slice(0, 4).map((order) => ({ kind: "order", ...order })));
  });
});

describe("backOff", () => {
  it("doubles up to half a minute and spreads the clients", () => {
    expect([0, 1, 2, 3, 4, 5, 20].map((tries) => backOff(tries, 0))).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    expect(backOff(0, 1)).toBe(500);
  });
});
