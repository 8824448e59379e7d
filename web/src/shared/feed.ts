/** Keeps a client up to date: fetches when told to, when a hint comes, and from time to time in case no hint does. */

export type Link = "connecting" | "live" | "offline";

const PAUSE = { hinted: 25_000, polling: 3_000, hidden: 20_000 };
const RETRY = [1_000, 2_000, 4_000, 8_000, 15_000];

export interface FeedOptions {
  /** Fetch and apply all that is new. May throw. */
  fetch: () => Promise<void>;
  /** True when the error means that the network or the desk is away, so that trying again makes sense. */
  passing: (error: unknown) => boolean;
  onLink: (link: Link) => void;
  onError: (error: unknown) => void;
}

export class Feed {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running = false;
  private again = false;
  private stopped = true;
  private failures = 0;
  private hinted = false;

  constructor(private readonly options: FeedOptions) {}

  start(): void {
    this.stopped = false;
    this.poke();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** While hints arrive, polling may be slow. */
  setHinted(hinted: boolean): void {
    this.hinted = hinted;
    if (!this.stopped) this.poke();
  }

  /** Fetch now; a call during a fetch leads to one more after it. */
  poke(): void {
    if (this.running) {
      this.again = true;
      return;
    }
    void this.run();
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    this.running = true;
    try {
      do {
        this.again = false;
        await this.options.fetch();
        this.failures = 0;
        this.options.onLink("live");
      } while (this.again && !this.stopped);
    } catch (error) {
      this.failures += 1;
      if (this.options.passing(error)) this.options.onLink("offline");
      else this.stop();
      this.options.onError(error);
    } finally {
      this.running = false;
      if (!this.stopped) this.timer = setTimeout(() => this.poke(), this.pause());
    }
  }

  private pause(): number {
    if (this.failures) return RETRY[Math.min(this.failures, RETRY.length) - 1]!;
    if (this.hinted) return PAUSE.hinted;
    return document.visibilityState === "hidden" ? PAUSE.hidden : PAUSE.polling;
  }
}
