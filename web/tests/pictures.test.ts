import { afterEach, describe, expect, it, vi } from "vitest";
import { picturesIn, picturesPasted, prepared, refusal, room } from "../src/shared/pictures";

const file = (type: string, bytes = 3): File => new File([new Uint8Array(bytes)], "a", { type });
const carried = (types: string[], ...files: File[]): DataTransfer => ({ types, files }) as unknown as DataTransfer;

describe("the room of a picture", () => {
  it("keeps its shape, fits the window and can be pressed with a finger", () => {
    expect(room({ width: 1600, height: 800 })).toEqual({ width: 220, height: 110 });
    expect(room({ width: 800, height: 1600 })).toEqual({ width: 110, height: 220 });
    expect(room({ width: 100, height: 60 })).toEqual({ width: 100, height: 60 });
    expect(room({ width: 2000, height: 30 })).toEqual({ width: 220, height: 44 });
    expect(room({ width: 0, height: 0 })).toEqual({ width: 160, height: 160 });
  });
});

describe("what was pasted or dropped", () => {
  it("is pictures, or what the browser cannot tell; other files are none", () => {
    const found = picturesIn(carried(["Files"], file("image/png"), file("application/pdf"), file("")));
    expect(found.map((each) => each.type)).toEqual(["image/png", ""]);
    expect(picturesIn(null)).toEqual([]);
  });

  it("is text where there is text as well", () => {
    expect(picturesPasted(carried(["text/plain", "Files"], file("image/png")))).toEqual([]);
    expect(picturesPasted(carried(["text/html", "Files"], file("image/png")))).toHaveLength(1);
    expect(picturesPasted(null)).toEqual([]);
  });
});

describe("before a picture is sent", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("what is empty or too large is refused in words that say what to do", () => {
    const ready = (bytes: number) => ({ content: file("image/png", bytes), width: 0, height: 0 });
    expect(refusal(ready(0))).toContain("重新选");
    expect(refusal(ready(5 * 1024 * 1024 + 1))).toContain("最大 5 MB");
    expect(refusal(ready(5 * 1024 * 1024))).toBe("");
  });

  it("what this browser cannot read goes as it is: the desk has the last word", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("no picture")));
    const given = file("image/heic", 10);
    expect(await prepared(given)).toEqual({ content: given, width: 0, height: 0 });
  });

  it("a usual one goes as it is, its size told as it will be drawn", async () => {
    vi.stubGlobal("createImageBitmap", () => Promise.resolve({ width: 3200, height: 1600, close: () => undefined }));
    const given = file("image/jpeg", 10);
    expect(await prepared(given)).toEqual({ content: given, width: 1600, height: 800 });
  });
});
