import { describe, expect, it } from "vitest";
import { pieces } from "../src/shared/identifiers";

const ids = (text: string): string[] => pieces(text).filter((piece) => piece.id).map((piece) => piece.text);

describe("pieces", () => {
  it("finds order and waybill numbers", () => {
    expect(ids("订单682604173951402188由中通承运,运单号 SF1234567890123。")).toEqual(["682604173951402188", "SF1234567890123"]);
  });

  it("leaves prices, dates and short numbers alone", () => {
    expect(ids("129.90元,2026-11-21,175 140斤,尺码 XL,P001")).toEqual([]);
  });

  it("joins to the text it was cut from", () => {
    const text = "运单 75300012345678,单号（75300012345678），请核对";
    expect(pieces(text).map((piece) => piece.text + piece.tail).join("")).toBe(text);
  });

  it("keeps the punctuation behind a number with it, so that no line begins with it", () => {
    expect(pieces("订单（75300012345678），已发")).toEqual([
      { text: "订单（", id: false, tail: "" },
      { text: "75300012345678", id: true, tail: "），" },
      { text: "已发", id: false, tail: "" },
    ]);
  });
});
