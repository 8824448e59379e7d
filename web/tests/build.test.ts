// @vitest-environment node
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";

type Output = Rolldown.RolldownOutput["output"][number];
let output: Output[];

function text(name: string): string {
  const found = output.find((file) => file.fileName === name);
  if (!found) throw new Error(`${name} was not built`);
  return found.type === "chunk" ? found.code : String(found.source);
}

beforeAll(async () => {
  vi.stubEnv("NODE_ENV", "production");
  const built = await build({ logLevel: "error", build: { write: false } });
  output = (built as Rolldown.RolldownOutput).output;
}, 60_000);

describe("the build", () => {
  it("keeps the loader small and alone: it costs every page of the shop", () => {
    const loader = text("widget/loader.js");
    expect(gzipSync(loader, { level: 9 }).length).toBeLessThan(1536);
    expect(loader).not.toMatch(/\bimport\b|\bexport\b/);
  });

  it("keeps the shopper's window under 40 KB of script", () => {
    const html = text("widget/index.html");
    const names = [...html.matchAll(/\/(assets\/[^"]+\.js)/g)].map((match) => match[1]!);
    const size = names.reduce((sum, name) => sum + gzipSync(text(name), { level: 9 }).length, 0);
    expect(size).toBeLessThan(40_000);
  });

  it("puts nothing inline that a strict content security policy would refuse", () => {
    for (const page of ["widget/index.html", "desk/index.html"]) {
      const html = text(page);
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
      expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!.split("/")[1])).toSatisfy(
        (roots: string[]) => roots.every((root) => root === "assets"),
      );
    }
  });
});
