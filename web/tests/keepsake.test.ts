import { beforeEach, describe, expect, it, vi } from "vitest";
import { bucket, Keepsake } from "../src/widget/keepsake";

const token = (claims: object): string =>
  `${btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(claims)))).replace(/\+/g, "-").replace(/\//g, "_")}.signature`;

beforeEach(() => localStorage.clear());

describe("bucket", () => {
  it("is one per shop and shopper", () => {
    expect(bucket("demo", token({ sub: "S001", name: "林小满" }))).toBe("xiaoer:demo:shopper:S001");
    expect(bucket("demo", token({ sub: "S002" }))).not.toBe(bucket("demo", token({ sub: "S001" })));
    expect(bucket("demo", null)).toBe("xiaoer:demo:anonymous");
  });

  it("takes an unreadable token for no token", () => {
    for (const broken of ["", "x", "%%%.y", token({ sub: 7 })]) expect(bucket("demo", broken)).toBe("xiaoer:demo:anonymous");
  });
});

describe("Keepsake", () => {
  it("gives back what was kept and leaves the rest alone", () => {
    const keepsake = new Keepsake("a");
    keepsake.save({ key: "k", draft: "在" });
    keepsake.save({ draft: "在吗" });
    expect(new Keepsake("a").load()).toMatchObject({ key: "k", draft: "在吗", outbox: [] });
  });

  it("forgets rather than fails where storage is blocked or broken", () => {
    localStorage.setItem("a", "{broken");
    expect(new Keepsake("a").load().key).toBeNull();
    const blocked = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("blocked");
    });
    expect(() => new Keepsake("a").save({ key: "k" })).not.toThrow();
    blocked.mockRestore();
  });
});
