// <script src="…/widget.js" data-channel="7" async></script>, and everything begins.
const tag = document.currentScript || document.querySelector("script[data-channel][src*='widget.js']");

const dress = (options) => {
  host = document.createElement("pult-chat");
  root = host.attachShadow({ mode: "open" });
  // A constructed sheet passes where the page's policy forbids style elements.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(h("style", null, CSS));
  }
  const set = (name, value) => host.style.setProperty(name, value);
  set("--c", app.$cfg.colour);
  set("--on", onColour(app.$cfg.colour));
  set("--ob", (parseInt(options.offsetBottom, 10) || 0) + "px");
  set("--os", (parseInt(options.offsetSide, 10) || 0) + "px");
  set("--z", parseInt(options.zIndex, 10) || 9000);
  host.setAttribute("lang", app.$lang);
  host.dataset.side = options.position || app.$cfg.position;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const shade = () => { host.dataset.theme = options.theme || (dark.matches ? "dark" : "light"); };
  on(dark, "change", shade);
  shade();
};

const wire = () => {
  on(document, "keydown", escape);
  on(panel, "keydown", trap);
  on(window, "resize", lift);
  on(window, "online", wakeUp);
  on(window, "offline", () => hangUp());
  on(window, "storage", (event) => {
    if (event.key !== storageKey || !event.newValue) return;
    const other = load();
    if (other.token === app.$token) app.$read = Math.max(app.$read, other.read || 0);
    drawBadge();
  });
  if (window.visualViewport) on(visualViewport, ["resize", "scroll"], fit);
  on(document, "visibilitychange", () => {
    hiddenSince = document.hidden ? Date.now() : 0;
    if (document.hidden) setTimeout(() => { if (!wanted()) hangUp(); }, 61000);
    wakeUp();
    follow();
    look();
  });
  let due = 0;
  new MutationObserver(() => {
    clearTimeout(due);
    due = setTimeout(lift, 150);
  }).observe(document.body, { childList: true, attributes: true, subtree: true, attributeFilter: ["class", "style", "hidden", "open"] });
};

const start = async () => {
  const options = tag.dataset;
  storageKey = "pult." + options.channel;
  app.$base = new URL(`w/${encodeURIComponent(options.channel)}/`, tag.src);
  app.$wish = options.language || document.documentElement.lang || navigator.language || "";
  const kept = load();
  for (let attempt = 0; !app.$cfg; attempt++) {
    try {
      await session(kept.token);
    } catch (error) {
      if (error.status && error.status < 500 && error.status !== 429) return console.warn("Pult chat:", error.text || error.status);
      await sleep(Math.max((error.wait || 0) * 1000, backoff(attempt + 1)));
    }
  }
  app.$profile = kept.profile || {};
  app.$read = kept.read || 0;
  app.$sound = !!kept.sound;
  app.$pending = (kept.pending || []).filter((one) => ![...app.$messages.values()].some((each) => each.uuid === one.uuid)).map((one) => ({ ...one, files: [], previews: [] }));
  if (kept.token) app.$kept = app.$kept || app.$pending.length > 0;
  dress(options);
  build();
  document.body.append(host);
  wire();
  if (wasOpen() && !narrow()) toggle(true, true);
  draw();
  lift();
  const waiting = sorted().filter((one) => !one.mine && !one.read && one.id > app.$read);
  if (waiting.length && !app.$open) showTeaser(waiting.at(-1));
  if (app.$pending.length) pump();
  follow();
};

if (tag && !window.pultChat) {
  window.pultChat = { open: () => panel && toggle(true), close: () => panel && toggle(false) };
  const later = () => (window.requestIdleCallback || setTimeout)(start);
  if (document.readyState === "complete") later();
  else on(window, "load", later);
}
