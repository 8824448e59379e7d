/** One conversation that the agent has open: its log, who owns it, and what the agent is writing. */

import { shallowReactive } from "vue";
import { ApiError } from "../shared/http";
import { Outbox } from "../shared/outbox";
import { empty, merge, type Thread } from "../shared/thread";
import type { Status } from "../shared/wire";
import * as api from "./api";

export interface OpenedState {
  thread: Thread;
  loaded: boolean;
  status: Status;
  assignee: string | null;
  /** As the list would have it; the list itself leaves out what is over. */
  summary: api.Summary | null;
  tasks: api.Task[];
  draft: string;
  /** What the desk refused, fit to show; "" when all is well. */
  trouble: string;
  moving: boolean;
}

export class Opened {
  readonly state: OpenedState;
  readonly outbox: Outbox;

  constructor(
    readonly id: string,
    status: Status,
    assignee: string | null,
    tried: () => void,
  ) {
    this.state = shallowReactive({
      thread: empty(),
      loaded: false,
      status,
      assignee,
      summary: null,
      tasks: [],
      draft: "",
      trouble: "",
      moving: false,
    });
    this.outbox = new Outbox({
      thread: () => this.state.thread,
      update: (thread) => (this.state.thread = thread),
      deliver: (outgoing) => api.say(id, outgoing),
      tried,
    });
  }

  /** Fetch all that is new. Raises ApiError. */
  async catchUp(): Promise<void> {
    for (;;) {
      const found = await api.events(this.id, this.state.thread.last);
      const { status, assignee, conversation: summary, tasks } = found;
      Object.assign(this.state, { status, assignee, summary, tasks, loaded: true });
      this.state.thread = merge(this.state.thread, found.events);
      if (this.state.thread.last >= found.last || found.events.length === 0) return;
    }
  }

  /** Take over, hand back or end. A conflict (a colleague was faster) is said in words and the truth fetched. */
  async move(what: api.Move): Promise<void> {
    if (this.state.moving) return;
    Object.assign(this.state, { moving: true, trouble: "" });
    try {
      this.state.status = (await api.move(this.id, what)).status;
    } catch (error) {
      this.state.trouble = error instanceof ApiError ? error.message : "操作没有成功，请重试";
    }
    await this.catchUp().catch(() => undefined);
    this.state.moving = false;
  }
}
