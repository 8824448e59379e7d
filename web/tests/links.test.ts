import { describe, expect, it } from "vitest";
import { safeLink } from "../src/shared/links";

describe("safeLink", () => {
  it.each(["https://pay.example/o?id=1", "/demo/orders/?order=1"])("lets %s pass", (url) => {
    expect(safeLink(url)).toBe(url);
  });

  it.each(["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://pay.example", "pay", ""])(
    "makes no link of %s",
    (url) => {
      expect(safeLink(url)).toBe("");
    },
  );
});
