/** One shopper's conversation with the desk: start or resume it, keep it up to date, lose nothing. */

import { shallowReactive } from "vue";
import { Feed, type Link } from "../shared/feed";
import { Hints } from "../shared/hints";
import { ApiError, ask, askPicture } from "../shared/http";
import { newId } from "../shared/identifiers";
import { Outbox } from "../shared/outbox";
import { MOST_AT_ONCE, prepared, refusal, type PictureSource } from "../shared/pictures";
import { empty, merge, type Thread } from "../shared/thread";
import type { ChatEvent, Hint, Outgoing, ReplyButton, Session, ShopperEvents, Status, Waiting } from "../shared/wire";
import type { Boot } from "./frame";
import { bucket, Keepsake } from "./keepsake";
import { Tray } from "./tray";

export interface ConversationState {
  phase: "starting" | "ready" | "failed";
  /** Why starting failed, fit to show. */
  trouble: string;
  /** The shop page's sign-in was too old; the shopper goes on as a guest. */
  guest: boolean;
  session: Session | null;
  thread: Thread;
  loaded: boolean;
  status: Status;
  typing: boolean;
  agent: string | null;
  waiting: Waiting | null;
  link: Link;
  /** Last number the shopper has had on screen. */
  seen: number;
}

/** A key that is refused again and again is not the shopper's fault; do not hammer the desk over it. */
const MOST_RESTARTS = 3;
const UPLOAD_WAIT = 100_000;
/** What stands for a picture where only words are shown. */
const PICTURE = "[图片]";
const passing = (error: unknown): boolean => error instanceof ApiError && error.passing;

export class Conversation {
  readonly state: ConversationState = shallowReactive({
    phase: "starting",
    trouble: "",
    guest: false,
    session: null,
    thread: empty(),
    loaded: false,
    status: "bot",
    typing: false,
    agent: null,
    waiting: null,
    link: "connecting",
    seen: 0,
  });

  readonly pictures: PictureSource = {
    load: (id, size) => {
      const path = `/api/shop/pictures/${encodeURIComponent(id)}${size === "thumb" ? "?size=thumb" : ""}`;
      return askPicture(path, this.bearer());
    },
    local: (clientId) => this.tray.address(clientId),
  };

  private readonly tray = new Tray();
  private keepsake: Keepsake;
  private token: string | null;
  private restarts = 0;
  private feed: Feed | null = null;
  private hints: Hints | null = null;
  private readonly outbox: Outbox;

  constructor(private readonly boot: Boot) {
    this.keepsake = new Keepsake(bucket(boot.shop, boot.token));
    this.token = boot.token;
    this.outbox = new Outbox({
      thread: () => this.state.thread,
      update: (thread) => this.setThread(thread),
      deliver: (outgoing) => (outgoing.picture ? this.upload(outgoing.client_id) : this.post(outgoing)),
      tried: () => this.feed?.poke(),
    });
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  /** Start, or resume with the key kept from last time. */
  async start(): Promise<void> {
    this.feed?.stop();
    this.hints?.stop();
    Object.assign(this.state, { phase: "starting", trouble: "" });
    try {
      this.begin(await this.session(this.keepsake.load().key));
    } catch (error) {
      this.stumble(error, "打开失败，请重试");
    }
  }

  say(text: string): void {
    this.outbox.post({ text }, text);
  }

  /** Send pictures one after another; what cannot be sent is told in words, "" when all can be tried. */
  async show(files: readonly Blob[]): Promise<string> {
    let trouble = files.length > MOST_AT_ONCE ? `一次最多发 ${MOST_AT_ONCE} 张图片，多出来的请分次发。` : "";
    for (const file of files.slice(0, MOST_AT_ONCE)) {
      const ready = await prepared(file);
      const refused = refusal(ready);
      if (refused) {
        trouble = refused;
        continue;
      }
      const id = newId();
      this.tray.hold(id, ready);
      this.outbox.post({ picture: { width: ready.width, height: ready.height } }, PICTURE, id);
    }
    return trouble;
  }

  press(button: ReplyButton): void {
    this.outbox.post({ button: button.id }, button.title);
  }

  retry(clientId: string): void {
    this.outbox.retry(clientId);
  }

  discard(clientId: string): void {
    this.outbox.discard(clientId);
    this.tray.drop(clientId);
  }

  /** The shopper has seen everything up to this number. */
  see(seq: number): void {
    if (seq <= this.state.seen) return;
    this.state.seen = seq;
    this.keepsake.save({ seen: seq });
  }

  get draft(): string {
    return this.keepsake.load().draft;
  }

  set draft(text: string) {
    this.keepsake.save({ draft: text });
  }

  /** The network or the page is back: try everything at once. */
  wake(): void {
    if (this.state.phase === "failed") void this.start();
    this.hints?.now();
    this.feed?.poke();
  }

  private async post(outgoing: Outgoing): Promise<ChatEvent> {
    const asked = { body: { ...outgoing, page: this.boot.page }, headers: this.bearer() };
    return (await ask<{ event: ChatEvent }>("/api/shop/messages", asked)).event;
  }

  private async upload(clientId: string): Promise<ChatEvent> {
    const content = this.tray.content(clientId);
    if (!content) throw new ApiError("页面刷新过，这张图片要重新选", "picture_gone", 400);
    const asked = { content, headers: this.bearer(), timeout: UPLOAD_WAIT };
    return (await ask<{ event: ChatEvent }>(`/api/shop/pictures?client_id=${clientId}`, asked)).event;
  }

  private async session(key: string | null): Promise<Session> {
    const body = { token: this.token, key, page: this.boot.page };
    try {
      return await ask<Session>("/api/shop/session", { body });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== "bad_token" || !this.token) throw error;
      // The page was opened too long ago. The signed-in shopper's own things are left alone for the next visit.
      this.token = null;
      this.state.guest = true;
      this.keepsake = new Keepsake(bucket(this.boot.shop, null));
      return this.session(this.keepsake.load().key);
    }
  }

  private begin(session: Session): void {
    const kept = this.keepsake.load();
    const same = session.conversation === kept.conversation;
    const running = this.state.session?.conversation === session.conversation;
    const pending = same ? kept.outbox : this.state.thread.pending;
    const thread = running ? this.state.thread : { ...empty(), pending };
    const seen = same ? kept.seen : 0;
    Object.assign(this.state, { session, status: session.status, phase: "ready", loaded: session.last === 0, seen });
    this.keepsake.save({ key: session.key, conversation: session.conversation, seen });
    this.setThread(thread);
    this.feed = new Feed({
      fetch: () => this.catchUp(session),
      passing,
      onLink: (link) => this.onLink(link),
      onError: (error) => this.onError(error),
    });
    this.hints = new Hints({
      path: "/ws/shop",
      hello: () => ({ v: 1, kind: "hello", key: session.key }),
      onHint: (hint) => this.onHint(hint),
      onOpen: (open) => this.feed?.setHinted(open),
    });
    this.feed.start();
    this.hints.start();
    this.outbox.retryAll();
  }

  private async catchUp(session: Session): Promise<void> {
    for (;;) {
      const path = `/api/shop/events?after=${this.state.thread.last}`;
      const found = await ask<ShopperEvents>(path, { headers: this.bearer() });
      if (session !== this.state.session) return;
      const { status, typing, agent, waiting } = found;
      Object.assign(this.state, { status, typing, agent, waiting, loaded: true });
      this.setThread(merge(this.state.thread, found.events));
      if (this.state.thread.last >= found.last || found.events.length === 0) return;
    }
  }

  private onHint(hint: Hint): void {
    if (hint.kind === "typing") this.state.typing = hint.on;
    else if (hint.kind !== "events" || hint.last > this.state.thread.last) this.feed?.poke();
  }

  private onLink(link: Link): void {
    const back = link === "live" && this.state.link === "offline";
    this.state.link = link;
    if (back) this.outbox.retryAll();
  }

  private onError(error: unknown): void {
    const lostKey = error instanceof ApiError && error.status === 401;
    if (lostKey && this.restarts++ < MOST_RESTARTS) void this.start();
    else if (!passing(error)) this.stumble(error, "出了点问题，请重试");
  }

  private stumble(error: unknown, words: string): void {
    Object.assign(this.state, { phase: "failed", trouble: error instanceof ApiError ? error.message : words });
  }

  private bearer(): Record<string, string> {
    return { Authorization: `Bearer ${this.state.session?.key ?? ""}` };
  }

  private setThread(thread: Thread): void {
    if (thread.pending !== this.state.thread.pending) this.keepsake.save({ outbox: thread.pending });
    this.state.thread = thread;
  }
}
