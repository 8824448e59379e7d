import { describe, expect, it } from "vitest";
import { createApp, defineComponent, h, nextTick, ref } from "vue";
import Composer from "../src/shared/Composer.vue";
import { sendable } from "../src/shared/composing";

function mounted(start = "", pictures = false) {
  const draft = ref(start);
  const said: string[] = [];
  const shown: File[] = [];
  const host = document.createElement("div");
  document.body.append(host);
  const Parent = defineComponent(() => () =>
    h(Composer, {
      draft: draft.value,
      placeholder: "请输入",
      label: "消息内容",
      pictures,
      onDraft: (text: string) => (draft.value = text),
      onSend: (text: string) => said.push(text),
      onShow: (files: File[]) => shown.push(...files),
    }),
  );
  createApp(Parent).mount(host);
  const box = host.querySelector("textarea")!;
  const press = (init: KeyboardEventInit): KeyboardEvent => {
    const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...init });
    box.dispatchEvent(event);
    return event;
  };
  return { draft, said, shown, host, box, press };
}

describe("the message box", () => {
  it("sends with Enter and is empty afterwards", async () => {
    const { draft, said, press } = mounted("我的快递到哪了");
    expect(press({}).defaultPrevented).toBe(true);
    await nextTick();
    expect(said).toEqual(["我的快递到哪了"]);
    expect(draft.value).toBe("");
  });

  it("breaks the line with Shift and Enter", () => {
    const { said, press } = mounted("一");
    expect(press({ shiftKey: true }).defaultPrevented).toBe(false);
    expect(said).toEqual([]);
  });

  it("never sends on the Enter that picks a word in an input method", () => {
    const { said, box, press } = mounted("kuaidi");
    box.dispatchEvent(new CompositionEvent("compositionstart"));
    press({});
    box.dispatchEvent(new CompositionEvent("compositionend"));
    press({ isComposing: true });
    press({ keyCode: 229 });
    expect(said).toEqual([]);
    press({});
    expect(said).toEqual(["kuaidi"]);
  });

  it("does not send what has nothing to see in it", () => {
    for (const blank of ["", "  \n\t", "\u200b\u200d", "\u0007"]) {
      const { said, press, host } = mounted(blank);
      press({});
      expect(said).toEqual([]);
      expect(host.querySelector("button")!.disabled).toBe(true);
    }
  });

  it("keeps line breaks and emoji, and cuts only the ends", () => {
    expect(sendable("  第一行\n第二行 ")).toBe("第一行\n第二行");
    expect(sendable("👍")).toBe("👍");
  });
});

describe("pictures in the message box", () => {
  const picture = new File(["x"], "a.png", { type: "image/png" });
  const paste = (box: Element, types: string[], files: File[]): Event => {
    const event = new Event("paste", { bubbles: true, cancelable: true });
    Object.defineProperty(event, "clipboardData", { value: { types, files } });
    box.dispatchEvent(event);
    return event;
  };

  it("can be chosen by a button with a name, where they are wanted", () => {
    expect(mounted().host.querySelector('[aria-label="发送图片"]')).toBeNull();
    const { host, shown } = mounted("", true);
    expect(host.querySelector('button[aria-label="发送图片"]')).not.toBeNull();
    const input = host.querySelector<HTMLInputElement>('input[type="file"]')!;
    expect(input.accept).not.toContain("heic");
    Object.defineProperty(input, "files", { value: [picture] });
    input.dispatchEvent(new Event("change"));
    expect(shown).toEqual([picture]);
  });

  it("are taken from what is pasted, text is left alone", () => {
    const { box, shown } = mounted("", true);
    expect(paste(box, ["text/plain", "Files"], [picture]).defaultPrevented).toBe(false);
    expect(paste(box, ["Files"], [picture]).defaultPrevented).toBe(true);
    expect(shown).toEqual([picture]);
    const plain = mounted();
    expect(paste(plain.box, ["Files"], [picture]).defaultPrevented).toBe(false);
    expect(plain.shown).toEqual([]);
  });
});
