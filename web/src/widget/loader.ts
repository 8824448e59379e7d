// The one script a shop embeds:
// <script src="https://desk/widget/loader.js" data-shop="…" data-token="…" data-page='{"kind":"product","product_id":"…"}' defer></script>
// It draws a bubble and loads the chat only when it is wanted. No framework, no import, nothing global.
(() => {
  const script = document.currentScript as HTMLScriptElement | null;
  if (!script || document.querySelector("xiaoer-chat")) return;
  const home = new URL("./", script.src);
  const { shop, token, page } = script.dataset;
  // A phone, upright or lying: the chat takes the whole screen.
  const PHONE = "(max-width:480px),(max-height:480px)";
  const CHAT = "M4 5.5h16v11h-8.5L7 20v-3.5H4zM8.5 11h0M12 11h0M15.5 11h0";

  const host = document.createElement("xiaoer-chat");
  host.style.cssText = "all:initial!important";
  const root = host.attachShadow({ mode: "open" });
  const style = `div,button{position:fixed;z-index:2147483000;right:20px;box-shadow:0 4px 20px #0004}
button{bottom:20px;width:56px;height:56px;border:0;border-radius:50%;background:#0f766e;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #0f766e;outline-offset:3px}
svg{display:block;margin:auto;fill:none;stroke:#fff;stroke-width:2;stroke-linecap:round}
i{position:absolute;top:-2px;right:-2px;min-width:12px;padding:0 5px;border:2px solid;border-radius:11px;background:#c81e1e;font:11px/18px system-ui}
div{bottom:88px;width:380px;height:min(600px,100vh - 108px);border-radius:16px;overflow:hidden;background:Canvas}
iframe{width:100%;height:100%;border:0}
[hidden]{display:none}
@media ${PHONE}{div{box-sizing:border-box;top:0;right:0;width:100%;height:100%;border-radius:0;padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}div:not([hidden])+*{display:none}}`;
  root.innerHTML = `<div></div><button type=button><svg viewBox="0 0 24 24" width=28><path /></svg><i></i></button>`;
  try {
    // A constructed sheet needs no permission from the shop's own content security policy.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.appendChild(document.createElement("style")).textContent = style;
  }
  const [box, bubble] = root.children as unknown as [HTMLElement, HTMLElement];
  const path = root.querySelector("path")!;
  const dot = bubble.lastChild as HTMLElement;
  let iframe: HTMLIFrameElement | undefined;
  let open = false;
  let unread = 0;

  const post = (message: object) => iframe?.contentWindow!.postMessage({ xiaoer: 1, ...message }, home.origin);

  // On phones the keyboard covers the page without resizing it; keep the chat in the part that can be seen.
  const view = window.visualViewport;
  const fit = () => {
    const full = view && open && matchMedia(PHONE).matches;
    box.style.height = full ? `${view.height}px` : "";
    box.style.top = full ? `${view.offsetTop}px` : "";
  };

  const draw = () => {
    box.hidden = !open;
    dot.hidden = open || !unread;
    dot.textContent = `${unread}`;
    path.setAttribute("d", open ? "M6 9.5l6 6 6-6" : CHAT);
    bubble.setAttribute("aria-label", `${open ? "收起" : "打开"}在线客服${dot.hidden ? "" : `，${unread}条未读消息`}`);
    bubble.setAttribute("aria-expanded", `${open}`);
    fit();
  };

  const load = () => {
    if (iframe) return;
    iframe = document.createElement("iframe");
    iframe.title = "在线客服";
    iframe.src = home.href;
    box.appendChild(iframe);
  };

  // Who has chatted in this tab before sees new answers on the next page too. Storage may be blocked.
  const used = (now: boolean) => {
    try {
      if (now) sessionStorage.xiaoer = 1;
      else if (sessionStorage.xiaoer) setTimeout(load, 1500);
    } catch {
      // Then each page starts quietly.
    }
  };

  const toggle = (wanted: boolean) => {
    open = wanted;
    if (open) {
      load();
      used(true);
    }
    draw();
    post({ kind: "shown", on: open });
    if (!open) bubble.focus();
  };

  addEventListener("message", (event) => {
    const { data, origin, source } = event;
    if (origin !== home.origin || !iframe || source !== iframe.contentWindow || data?.xiaoer !== 1) return;
    if (data.kind === "ready") post({ kind: "boot", shop, token, page, on: open });
    else if (data.kind === "unread") {
      unread = +data.count || 0;
      draw();
    } else if (data.kind === "close") toggle(false);
  });
  bubble.onclick = () => toggle(!open);
  for (const change of ["resize", "scroll"]) view?.addEventListener(change, fit);

  draw();
  document.documentElement.appendChild(host);
  used(false);
})();
