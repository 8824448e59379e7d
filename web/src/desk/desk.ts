/** The agent's desk: who is logged in, which conversations there are, which one is open; kept live by hints. */

import { shallowReactive } from "vue";
import { Feed, type Link } from "../shared/feed";
import { Hints } from "../shared/hints";
import { ApiError } from "../shared/http";
import type { Hint } from "../shared/wire";
import * as api from "./api";
import { ofRole } from "./attention";
import { Bell, news } from "./bell";
import { Opened } from "./opened";

export interface DeskState {
  phase: "checking" | "out" | "password" | "in" | "failed";
  trouble: string;
  me: api.Me | null;
  list: api.Summary[];
  /** Out of them the bot answers those who wait, too. */
  workingHours: boolean;
  loaded: boolean;
  opened: Opened | null;
  /** Tasks are shown in place of the open conversation. */
  showsTasks: boolean;
  /** Open tasks as picked by `role` and `mine`; null until they are read. */
  tasks: api.Task[] | null;
  counts: api.TaskCounts;
  /** Whose work is shown, of conversations and tasks; "" for every role's. */
  role: string;
  mine: boolean;
  /** Why a change of a task was refused, fit to show. */
  taskTrouble: string;
  link: Link;
  /** Time of the last line that was on screen, by conversation. */
  seen: Record<string, string>;
}

const passing = (error: unknown): boolean => error instanceof ApiError && error.passing;

export class Desk {
  readonly state: DeskState = shallowReactive({
    phase: "checking",
    trouble: "",
    me: null,
    list: [],
    workingHours: true,
    loaded: false,
    opened: null,
    showsTasks: false,
    tasks: null,
    counts: { open: 0, overdue: 0 },
    role: "",
    mine: false,
    taskTrouble: "",
    link: "connecting",
    seen: {},
  });

  readonly bell = new Bell();
  private readonly kept = new Map<string, Opened>();
  private readonly feed = new Feed({
    fetch: () => this.refresh(),
    passing,
    onLink: (link) => this.onLink(link),
    onError: (error) => this.onError(error),
  });
  private readonly hints = new Hints({
    path: "/ws/desk",
    hello: () => null,
    onHint: (hint) => this.onHint(hint),
    onOpen: (open) => this.feed.setHinted(open),
  });

  constructor() {
    window.addEventListener("online", () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
  }

  async check(): Promise<void> {
    this.state.phase = "checking";
    try {
      this.enter(await api.me());
    } catch (error) {
      const out = error instanceof ApiError && error.status === 401;
      Object.assign(this.state, { phase: out ? "out" : "failed", trouble: out ? "" : (error as Error).message });
    }
  }

  async login(username: string, password: string): Promise<void> {
    this.enter(await api.login(username, password));
  }

  async changePassword(old: string, fresh: string): Promise<void> {
    await api.newPassword(old, fresh);
    this.enter(await api.me());
  }

  async logout(): Promise<void> {
    await api.logout().catch(() => undefined);
    this.leave();
  }

  open(id: string | null): void {
    this.state.showsTasks = false;
    if (id === null) {
      this.state.opened = null;
      return;
    }
    const row = this.state.list.find((summary) => summary.id === id);
    const opened =
      this.kept.get(id) ?? new Opened(id, row?.status ?? "closed", row?.assignee ?? null, () => this.feed.poke());
    this.kept.set(id, opened);
    this.state.opened = opened;
    this.feed.poke();
  }

  showTasks(show: boolean): void {
    Object.assign(this.state, { showsTasks: show, taskTrouble: "" });
    this.feed.poke();
  }

  /** Show the work of one role, and of tasks perhaps only one's own. */
  pick(role: string, mine: boolean): void {
    Object.assign(this.state, { role, mine, tasks: null });
    this.feed.poke();
  }

  takeTask(id: number): Promise<void> {
    return this.changeTask(() => api.takeTask(id));
  }

  closeTask(id: number, outcome: string): Promise<void> {
    return this.changeTask(() => api.closeTask(id, outcome));
  }

  /** A refusal (a colleague was faster) is said in words; the truth is fetched either way. */
  private async changeTask(work: () => Promise<unknown>): Promise<void> {
    this.state.taskTrouble = "";
    try {
      await work();
    } catch (error) {
      this.state.taskTrouble = error instanceof ApiError ? error.message : "操作没有成功，请重试";
    }
    this.feed.poke();
  }

  /** The neighbour of the open conversation in the list: +1 below, -1 above. */
  step(by: 1 | -1): void {
    const { opened } = this.state;
    const list = ofRole(this.state.list, this.state.role);
    const at = list.findIndex((summary) => summary.id === opened?.id);
    const next = list[at < 0 ? 0 : at + by];
    if (next) this.open(next.id);
  }

  async move(what: api.Move): Promise<void> {
    await this.state.opened?.move(what);
    this.feed.poke();
  }

  private enter(me: api.Me): void {
    Object.assign(this.state, { me, phase: me.must_change_password ? "password" : "in", trouble: "" });
    if (me.must_change_password) return;
    this.feed.start();
    this.hints.start();
  }

  private leave(): void {
    this.feed.stop();
    this.hints.stop();
    this.kept.clear();
    Object.assign(this.state, { phase: "out", me: null, list: [], loaded: false, opened: null });
    Object.assign(this.state, { showsTasks: false, tasks: null, role: "", mine: false });
  }

  private async refresh(): Promise<void> {
    const opened = this.state.opened;
    const [found] = await Promise.all([api.conversations(), opened?.catchUp(), this.readTasks()]);
    if (this.state.phase !== "in") return;
    const onScreen = document.visibilityState === "visible" ? this.state.opened?.id : undefined;
    this.bell.ring(news(this.state.list, found.conversations, onScreen));
    const { conversations: list, tasks: counts, working_hours: workingHours } = found;
    Object.assign(this.state, { list, counts, workingHours, loaded: true });
    this.markSeen();
  }

  private async readTasks(): Promise<void> {
    const { showsTasks, role, mine } = this.state;
    if (!showsTasks) return;
    const tasks = await api.tasks(role, mine);
    if (role === this.state.role && mine === this.state.mine) this.state.tasks = tasks;
  }

  /** What is open in a visible window counts as seen. */
  private markSeen(): void {
    const row = this.state.list.find((summary) => summary.id === this.state.opened?.id);
    if (!row?.last_at || document.visibilityState === "hidden" || this.state.seen[row.id] === row.last_at) return;
    this.state.seen = { ...this.state.seen, [row.id]: row.last_at };
  }

  private wake(): void {
    if (this.state.phase === "failed") void this.check();
    if (this.state.phase !== "in") return;
    this.hints.now();
    this.feed.poke();
  }

  private onHint(hint: Hint): void {
    // Every new line comes with a "conversations" hint as well; only the open one needs more at once.
    if (hint.kind === "conversations" || (hint.kind === "events" && hint.conversation === this.state.opened?.id))
      this.feed.poke();
  }

  private onLink(link: Link): void {
    const back = link === "live" && this.state.link === "offline";
    this.state.link = link;
    if (back) for (const opened of this.kept.values()) opened.outbox.retryAll();
  }

  private onError(error: unknown): void {
    if (!(error instanceof ApiError) || error.status === 401) this.leave();
    else if (error.code === "password_change_required") void this.check();
    else if (!error.passing) {
      // The open conversation is gone: go on with the others.
      this.state.opened = null;
      this.feed.start();
    }
  }
}
