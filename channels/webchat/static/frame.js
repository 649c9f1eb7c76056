// The window, the launcher and the preview of a new message; where they stand on the page.
let host, root, panel, launcher, badge, title, subtitle, face, lostBar, downButton, teaser, bell;

const narrow = () => matchMedia("(max-width: 480px)").matches;
const standing = () => {
  const { state, name, online } = app.$state;
  if (app.$typing > Date.now()) return `${name || app.$cfg.title} ${app.$t.$typing}`;
  if (["open", "snoozed"].includes(state) && name) return `${app.$t.$answers} ${name}`;
  if (!online) return app.$t.$off;
  if (state === "waiting") return app.$t.$waiting;
  return state === "closed" ? app.$t.$done : app.$t.$on;
};

const build = () => {
  log = h("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": app.$t.$log, tabindex: 0 });
  more = h("button", { type: "button", class: "more", hidden: true, onclick: older }, app.$t.$older);
  log.append(more);
  on(log, "scroll", () => {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
    downButton.hidden = atEnd;
    if (atEnd) look();
  });
  title = h("b", { id: "t" }, app.$cfg.title);
  subtitle = h("span", { class: "sub", "aria-live": "polite" });
  face = h("span", { class: "ava big", "aria-hidden": true });
  bell = button("hb", app.$t.$sound, "mute", () => { app.$sound = !app.$sound; save(); draw(); if (app.$sound) beep(); });
  lostBar = h("div", { class: "lost", role: "status", hidden: true }, app.$t.$lost);
  downButton = button("down", app.$t.$down, "down", () => { toEnd(); field.focus(); });
  downButton.hidden = true;
  panel = h("section", { class: "panel", role: "dialog", "aria-labelledby": "t", hidden: true },
    h("header", null, face, div("names", title, subtitle), bell, button("hb", app.$t.$close, "close", () => toggle(false))),
    lostBar, div("mid", log, downButton), composer(), div("over", app.$t.$drop));
  on(panel, ["dragenter", "dragover", "dragleave", "drop"], dragged);
  badge = h("span", { class: "badge", hidden: true });
  launcher = h("button", { type: "button", class: "launch", "aria-haspopup": "dialog", onclick: () => toggle(!app.$open) }, icon("chat"), icon("down"), badge);
  teaser = h("div", { class: "teaser", hidden: true });
  root.append(panel, teaser, launcher);
};
const dragged = (event) => {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  const inside = event.type === "dragleave" ? panel.contains(event.relatedTarget) : event.type !== "drop";
  panel.classList.toggle("dragging", inside);
  if (event.type === "drop") attach(event.dataTransfer.files);
};

let overflow = "";
const toggle = (open, quietly) => {
  if (open === app.$open) return;
  app.$open = open;
  panel.hidden = !open;
  hideTeaser();
  if (narrow()) {
    const page = document.documentElement.style;
    if (open) overflow = page.overflow;
    page.overflow = open ? "hidden" : overflow;
  }
  rememberOpen();
  if (open) {
    atEnd = true;
    fit();
  }
  draw();
  if (quietly) return;
  if (!open) launcher.focus();
  else if (matchMedia("(pointer: coarse)").matches) panel.querySelector("header button:last-child").focus();
  else (log.querySelector(".ask input") || field).focus();
};
const escape = (event) => {
  if (event.key === "Escape" && app.$open && !event.defaultPrevented && !event.isComposing) toggle(false);
};
// On a phone the window covers the page, so Tab must not leave it.
const trap = (event) => {
  if (event.key !== "Tab" || !narrow()) return;
  const stops = [...panel.querySelectorAll("button,a[href],input,textarea,[tabindex='0']")].filter((one) => !one.disabled && one.offsetParent && one.tabIndex >= 0);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (root.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
};

const fit = () => {
  const view = window.visualViewport;
  if (!view) return;
  host.style.setProperty("--vh", view.height + "px");
  host.style.setProperty("--vt", view.offsetTop + "px");
  if (atEnd && log) toEnd();
};
// What the page has fixed to its bottom edge (a cookie banner, a bar of buttons) stays free.
let lifted = 0;
const lift = () => {
  const box = launcher.getBoundingClientRect();
  if (!box.width) return;
  let free = innerHeight;
  for (const x of [box.left + 6, box.right - 6]) {
    for (const y of [box.top + box.height / 2, box.bottom]) {
      for (const found of document.elementsFromPoint(x, Math.min(innerHeight - 1, y + lifted))) {
        const above = found === host ? null : fixed(found);
        if (above) free = Math.min(free, above.getBoundingClientRect().top);
      }
    }
  }
  const rise = innerHeight - free;
  if (rise === lifted || rise > innerHeight * 0.6) return;
  lifted = rise;
  host.style.setProperty("--lift", rise + "px");
};
const fixed = (node) => {
  for (let one = node; one && one !== document.body; one = one.parentElement) {
    const { position } = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    if (["fixed", "sticky"].includes(position)) return box.bottom > innerHeight - 90 && box.height < innerHeight * 0.6 ? one : null;
  }
  return null;
};

// Read is what is open, in sight and scrolled to.
const look = () => {
  const last = newest();
  if (!app.$open || !atEnd || document.hidden || last <= app.$read) return;
  app.$read = last;
  save();
  mark(last, "read");
  drawBadge();
};
let told = 0;
const arrived = (message) => {
  clearTimeout(told);
  told = setTimeout(() => (app.$open && atEnd && !document.hidden ? look() : mark(newest(), "delivered")), 250);
  if (app.$sound && (!app.$open || document.hidden)) beep();
  if (!app.$open && message.id > app.$read && !message.read) showTeaser(message);
};
const showTeaser = (message) => {
  teaser.replaceChildren(
    h("button", { type: "button", class: "tz", onclick: () => toggle(true) }, avatar(message.author), h("span", null, h("b", null, message.author || app.$cfg.title), h("span", { class: "tt" }, brief(message).slice(0, 140) || app.$t.$file))),
    button("tx", app.$t.$drops, "close", hideTeaser));
  teaser.hidden = false;
};
const hideTeaser = () => { teaser.hidden = true; };
const connected = (yes) => {
  app.$online = yes;
  setTimeout(draw, yes ? 0 : 2500);
};
const beep = () => {
  try {
    const audio = new AudioContext(), tone = audio.createOscillator(), gain = audio.createGain();
    tone.frequency.value = 660;
    gain.gain.setValueAtTime(0.08, audio.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.35);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.36);
  } catch { /* no sound then */ }
};

const drawBadge = () => {
  const count = unread();
  badge.textContent = count > 9 ? "9+" : count;
  badge.hidden = !count || app.$open;
  launcher.setAttribute("aria-label", app.$open ? app.$t.$close : app.$t.$open + (count ? `. ${app.$t.$unread} ${count}` : ""));
  launcher.setAttribute("aria-expanded", app.$open);
  launcher.classList.toggle("opened", app.$open);
};
const draw = (keep) => {
  if (!panel) return;
  drawBadge();
  const name = ["open", "snoozed"].includes(app.$state.state) && app.$state.name;
  face.textContent = (name || app.$cfg.title).trim().slice(0, 1).toUpperCase();
  face.classList.toggle("on", !!app.$state.online || !!name);
  const line = standing();
  if (subtitle.textContent !== line) subtitle.textContent = line;
  lostBar.hidden = app.$online || !app.$kept;
  bell.replaceChildren(icon(app.$sound ? "bell" : "mute"));
  bell.setAttribute("aria-pressed", app.$sound);
  if (!app.$open) return;
  drawLog(keep);
  look();
};
