import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatEvent } from "../src/shared/wire";
import { Conversation } from "../src/widget/conversation";
import { line } from "./samples";

/** A desk with one conversation, as far as the shopper's window can tell. */
class FakeDesk {
  log: ChatEvent[] = [];
  asked: { path: string; body: Record<string, unknown> | null; key: string | null }[] = [];
  pictures: { path: string; type: string; content: unknown }[] = [];
  badTokens = new Set<string>();
  keys = new Set<string>();
  down = false;
  page = 100;

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    if (path.startsWith("/api/shop/pictures?") && !this.down) return this.receivePicture(path, init);
    const body = init.body ? (JSON.parse(String(init.body)) as Record<string, unknown>) : null;
    const key = (init.headers as Record<string, string>).Authorization?.slice(7) ?? null;
    this.asked.push({ path, body, key });
    if (this.down) throw new TypeError("Failed to fetch");
    if (path === "/api/shop/session") return this.session(body!);
    if (!this.keys.has(key ?? "")) return answer(401, { error: { code: "bad_key", message: "会话凭证无效" } });
    if (path === "/api/shop/messages") return this.receive(body!);
    return this.events(Number(new URLSearchParams(path.split("?")[1]).get("after")));
  };

  private session(body: Record<string, unknown>): Response {
    if (this.badTokens.has(String(body.token))) return answer(401, { error: { code: "bad_token", message: "过期" } });
    const key = this.keys.has(String(body.key)) ? String(body.key) : `key${this.keys.size + 1}`;
    this.keys.add(key);
    const shop = { name: "小店", hours: "", greeting: "" };
    const rest = { shopper: null, status: "bot", last: this.log.length, suggestions: [] };
    return answer(200, { conversation: `of-${key}`, key, shop, ...rest });
  }

  private receive(body: Record<string, unknown>): Response {
    let event = this.log.find((stored) => stored.client_id === body.client_id);
    event ??= line(this.log.length + 1, "shopper", { client_id: String(body.client_id), text: String(body.text) });
    if (!this.log.includes(event)) this.log.push(event);
    return answer(201, { event });
  }

  private receivePicture(path: string, init: RequestInit): Response {
    const type = (init.headers as Record<string, string>)["Content-Type"] ?? "";
    this.pictures.push({ path, type, content: init.body });
    const picture = { id: "p1", width: 60, height: 40 };
    const client_id = path.split("client_id=")[1]!;
    const event = line(this.log.length + 1, "shopper", { client_id, text: "[图片]", picture });
    this.log.push(event);
    return answer(201, { event });
  }

  private events(after: number): Response {
    const events = this.log.slice(after, after + this.page);
    const rest = { status: "bot", typing: false, agent: null, waiting: null, last: this.log.length };
    return answer(200, { events, ...rest });
  }

  said(): unknown[] {
    return this.asked.filter((call) => call.path === "/api/shop/messages").map((call) => call.body?.text);
  }
}

class SilentSocket {
  static readonly OPEN = 1;
  readyState = 0;
  close(): void {
    this.readyState = 3;
  }
}

const answer = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const TOKEN = `${btoa(JSON.stringify({ sub: "S001" }))}.x`;
const run = (milliseconds = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);
let desk: FakeDesk;

async function opened(token: string | null = null): Promise<Conversation> {
  const conversation = new Conversation({ shop: "demo", token, page: { kind: "order" } });
  void conversation.start();
  await run();
  return conversation;
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  desk = new FakeDesk();
  vi.stubGlobal("fetch", desk.fetch);
  vi.stubGlobal("WebSocket", SilentSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllTimers();
  vi.useRealTimers();
});

describe("Conversation", () => {
  it("resumes with the key kept in the browser and reads the history in pages", async () => {
    desk.page = 2;
    desk.log = [1, 2, 3, 4, 5].map((seq) => line(seq, "bot"));
    await opened();
    const again = await opened();
    await run(10);
    expect(desk.keys.size).toBe(1);
    expect(again.state.thread.events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(again.state.loaded).toBe(true);
  });

  it("goes on as a guest when the page's sign-in is too old, and leaves the signed-in shopper's key alone", async () => {
    await opened(TOKEN);
    desk.badTokens.add(TOKEN);
    const guest = await opened(TOKEN);
    expect(guest.state).toMatchObject({ phase: "ready", guest: true });
    desk.badTokens.clear();
    const back = await opened(TOKEN);
    expect(back.state.session?.key).toBe("key1");
  });

  it("keeps what was written while the network is away and sends it once when it is back", async () => {
    const conversation = await opened();
    desk.down = true;
    conversation.say("我的快递到哪了");
    await run(10);
    expect(conversation.state.link).toBe("offline");
    expect(conversation.state.thread.pending[0]).toMatchObject({ delivery: "failed", reason: "还没发出，恢复后自动重发" });
    desk.down = false;
    await run(5_000);
    expect(conversation.state.thread.pending).toEqual([]);
    expect(desk.log.map((event) => event.text)).toEqual(["我的快递到哪了"]);
  });

  it("sends what an earlier visit could not send, under its old id", async () => {
    const first = await opened();
    desk.down = true;
    first.say("在吗");
    await run(10);
    const id = first.state.thread.pending[0]!.outgoing.client_id;
    desk.down = false;
    await opened();
    await run(10);
    expect(desk.log.map((event) => event.client_id)).toEqual([id]);
  });

  it("starts anew when its key is no longer known, and carries the unsent message over", async () => {
    const conversation = await opened();
    desk.keys.clear();
    desk.keys.add("another");
    conversation.say("有人吗");
    await run(5_000);
    expect(conversation.state.phase).toBe("ready");
    expect(desk.log.map((event) => event.text)).toEqual(["有人吗"]);
  });

  it("says why it cannot open, and tries again when asked", async () => {
    desk.down = true;
    const conversation = await opened();
    expect(conversation.state).toMatchObject({ phase: "failed", trouble: "网络不通，请检查网络" });
    desk.down = false;
    conversation.wake();
    await run();
    expect(conversation.state.phase).toBe("ready");
  });

  it("remembers what was seen and what was being written", async () => {
    desk.log = [line(1, "bot"), line(2, "bot")];
    const conversation = await opened();
    conversation.see(2);
    conversation.draft = "还没写完";
    const again = await opened();
    expect(again.state.seen).toBe(2);
    expect(again.draft).toBe("还没写完");
  });

  it("sends the page along, as context", async () => {
    const conversation = await opened();
    conversation.say("多久发货");
    await run();
    expect(desk.asked.find((call) => call.path === "/api/shop/messages")?.body?.page).toEqual({ kind: "order" });
    expect(desk.said()).toEqual(["多久发货"]);
  });
});

describe("pictures", () => {
  /** Every message needs its own few steps. */
  const drained = async (): Promise<void> => {
    for (let step = 0; step < 40; step += 1) await run();
  };
  const file = (bytes = 3): File => new File([new Uint8Array(bytes)], "a.jpg", { type: "image/jpeg" });

  beforeEach(() => {
    vi.stubGlobal("createImageBitmap", () => Promise.reject(new Error("not here")));
    Object.assign(URL, { createObjectURL: () => "blob:one", revokeObjectURL: () => undefined });
  });

  it("are sent as they are, are seen at once, and stay what they were when the desk has them", async () => {
    const conversation = await opened();
    const given = file();
    expect(await conversation.show([given])).toBe("");
    const id = conversation.state.thread.pending[0]?.outgoing.client_id ?? desk.log[0]!.client_id!;
    expect(conversation.pictures.local(id)).toBe("blob:one");
    await drained();
    expect(desk.pictures).toEqual([{ path: `/api/shop/pictures?client_id=${id}`, type: "application/octet-stream", content: given }]);
    expect(conversation.state.thread.pending).toEqual([]);
    expect(conversation.state.thread.events[0]?.picture?.id).toBe("p1");
    expect(conversation.pictures.local(id)).toBe("blob:one");
    expect(conversation.pictures.local("another")).toBe("");
  });

  it("go out in order with the words around them", async () => {
    const conversation = await opened();
    await conversation.show([file(), file()]);
    conversation.say("两张都是破的");
    await drained();
    expect(desk.log.map((event) => event.text)).toEqual(["[图片]", "[图片]", "两张都是破的"]);
  });

  it("that are too many at once or too large are not sent, and it is said why", async () => {
    const conversation = await opened();
    expect(await conversation.show([file(5 * 1024 * 1024 + 1)])).toContain("最大 5 MB");
    expect(desk.pictures).toEqual([]);
    expect(await conversation.show(Array.from({ length: 11 }, () => file()))).toContain("一次最多发 9 张");
    await drained();
    expect(desk.pictures).toHaveLength(9);
  });

  it("that were not sent before the page was loaded anew have to be chosen again", async () => {
    const first = await opened();
    desk.down = true;
    await first.show([file()]);
    await drained();
    expect(first.state.thread.pending[0]).toMatchObject({ delivery: "failed", retryable: true });
    desk.down = false;
    const again = await opened();
    await drained();
    expect(desk.pictures).toEqual([]);
    expect(again.state.thread.pending[0]).toMatchObject({ delivery: "failed", retryable: false });
    expect(again.state.thread.pending[0]!.reason).toContain("重新选");
  });
});
