// The conversation: keyed nodes, so that players and selections survive every redraw.
let log, more, nodes = new Map(), atEnd = true;

const kindOf = (file) => (/^image\//.test(file.type) ? "photo" : /^(audio|video)\//.test(file.type) ? file.type.slice(0, 5) : "document");
const isPicture = (file) => ["photo", "animation", "sticker"].includes(file.kind) && /^image\//.test(file.mime);
const sourceOf = (file) => file.local || (file.url ? new URL(file.url, app.$base).href : null);

const picture = (file, source) => {
  const image = h("img", { src: source, alt: file.name || app.$t.$photo, loading: "lazy", width: file.width, height: file.height });
  on(image, "load", () => { if (atEnd) toEnd(); });
  return h("button", { type: "button", class: "pic", "aria-label": file.name || app.$t.$photo, onclick: () => lightbox(source, file.name) }, image);
};
const lightbox = (source, name) => {
  const before = root.activeElement;
  const shut = () => { box.remove(); before && before.focus(); };
  const box = h("div", { class: "light", role: "dialog", "aria-modal": true, "aria-label": name || app.$t.$photo, tabindex: -1, onclick: shut },
    h("img", { src: source, alt: name || "" }), button("lx", app.$t.$close, "close", shut));
  on(box, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    shut();
  });
  root.append(box);
  box.focus();
};

const player = (file, source) => {
  const audio = h("audio", { src: source, preload: "metadata" });
  const time = h("span", { class: "pt" }, file.duration ? seconds(file.duration) : "0:00");
  const bar = h("input", { type: "range", min: 0, max: 1000, value: 0, "aria-label": app.$t.$seek });
  const toggle = button("pb", app.$t.$play, "play", () => (audio.paused ? audio.play().catch(() => {}) : audio.pause()));
  const total = () => (isFinite(audio.duration) ? audio.duration : file.duration || 0);
  const show = () => {
    const part = total() ? audio.currentTime / total() : 0;
    bar.value = part * 1000;
    bar.style.setProperty("--p", part * 100 + "%");
    time.textContent = seconds(audio.currentTime || total());
  };
  const flip = () => {
    toggle.replaceChildren(icon(audio.paused ? "play" : "pause"));
    toggle.setAttribute("aria-label", audio.paused ? app.$t.$play : app.$t.$pause);
  };
  on(bar, "input", () => { audio.currentTime = (bar.value / 1000) * total(); });
  on(audio, ["timeupdate", "loadedmetadata", "ended"], show);
  on(audio, ["play", "pause", "ended"], flip);
  return div("player", audio, toggle, bar, time);
};
const attachment = (file) => {
  const source = sourceOf(file);
  if (!source) return div("doc", icon("alert"), h("span", null, file.name, h("small", null, app.$t.$missing)));
  if (isPicture(file)) return picture(file, source);
  if (["voice", "audio"].includes(file.kind)) return player(file, source);
  if (/^video\//.test(file.mime)) return h("video", { src: source, controls: true, playsinline: true, preload: "metadata" });
  const size = file.size ? sizeOf(file.size) : "";
  return h("a", { class: "doc", href: source, download: file.name, target: "_blank", rel: "noopener" }, icon("file"), h("span", null, file.name, h("small", null, size)));
};
const place = ({ latitude, longitude, title }) => {
  const url = `https://www.openstreetmap.org/?mlat=${+latitude}&mlon=${+longitude}#map=16/${+latitude}/${+longitude}`;
  return div(null, anchor(url, "📍 " + (title || app.$t.$map)));
};
const card = ({ phone, name }) => div(null, name, h("br"), anchor("tel:" + String(phone).replace(/[^\d+]/g, ""), phone));

const brief = (one) => one.text || (one.files && one.files[0] ? (one.files[0].kind === "photo" ? app.$t.$photo : one.files[0].name) : "");
const quote = (id) => {
  const one = app.$messages.get(id);
  return one && div("quote", h("b", null, one.mine ? app.$t.$you : one.author || app.$cfg.title), brief(one).slice(0, 90));
};
const ticks = (one) => {
  if (!one.mine) return null;
  const [name, label] = one.error ? ["alert", app.$t.$failed] : one.id ? (seen(one) ? ["ticks", app.$t.$read] : ["tick", app.$t.$sent]) : one.sent ? ["tick", app.$t.$sent] : ["clock", app.$t.$sending];
  return h("span", { class: "tk", role: "img", "aria-label": label, title: label }, icon(name));
};
const meta = (one) => h("span", { class: "meta" }, one.edited && app.$t.$edited + " ", clockOf(new Date(one.at)), ticks(one));
const trouble = (one) => one.error && h("div", { class: "fail", role: "alert" }, h("span", null, one.error),
  h("button", { type: "button", onclick: () => { one.raw.error = null; pump(); draw(); } }, app.$t.$retry),
  h("button", { type: "button", onclick: () => { app.$pending = app.$pending.filter((each) => each !== one.raw); save(); draw(); } }, app.$t.$drops));

const bubble = (one) => {
  const files = one.files || [];
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !pictures.includes(file));
  const only = pictures.length && !one.text && !others.length;
  return h("div", { class: "bubble" + (only ? " only" : "") + "" },
    one.reply_to && quote(one.reply_to),
    pictures.length > 0 && div("pics n" + Math.min(pictures.length, 4), pictures.map(attachment)),
    others.map(attachment), one.location && place(one.location), one.contact && card(one.contact),
    one.text && div("text", rich(one.text, one.entities)),
    !one.id && one.files && one.files.length > 0 && !one.sent && h("progress", { max: 1, value: 0, "data-for": one.uuid }), meta(one));
};
const row = (one, first, last) => h("div", { class: `row ${one.mine ? "mine" : "theirs"}${first ? " first" : ""}${last ? " last" : ""}` },
  !one.mine && last && avatar(one.author),
  div("col", !one.mine && first && div("who", one.author || app.$cfg.title), bubble(one), trouble(one)),
  one.id > 0 && button("re", app.$t.$reply, "reply", () => replyTo(one)));
const avatar = (name) => h("span", { class: "ava", "aria-hidden": true }, (name || app.$cfg.title).trim().slice(0, 1).toUpperCase());

const same = (a, b) => a && b && a.mine === b.mine && a.author === b.author && new Date(b.at) - new Date(a.at) < 3e5
  && dayOf(new Date(a.at)) === dayOf(new Date(b.at));
const localFiles = (one) => one.files.map((file, at) => ({ local: one.previews[at], name: file.name, mime: file.type, size: file.size, kind: kindOf(file) }));
const plan = () => {
  const pending = app.$pending.map((one) => ({ ...one, mine: true, reply_to: one.replyTo, files: localFiles(one), raw: one }));
  const items = [...sorted(), ...pending];
  const out = [];
  if (!app.$more && app.$cfg.greeting) out.push(["greeting", "", () => greeting()]);
  items.forEach((one, at) => {
    const day = dayOf(new Date(one.at));
    if (!at || day !== dayOf(new Date(items[at - 1].at))) out.push(["day" + day, day, () => div("day", h("span", null, day))]);
    const first = !same(items[at - 1], one), last = !same(one, items[at + 1]);
    const version = JSON.stringify([one, first, last, one.mine && seen(one), app.$messages.has(one.reply_to)]);
    out.push([one.uuid || one.id, version, () => row(one, first, last)]);
  });
  if (app.$cfg.ask.length && !items.length) out.push(["form", "", form]);
  if (items.length && items.at(-1).mine && app.$state.state !== "open" && !app.$state.online) out.push(["offline", app.$cfg.offline, () => div("note", app.$cfg.offline)]);
  if (app.$typing > Date.now()) out.push(["typing", "", () => div("row theirs last", avatar(app.$state.name), h("div", { class: "bubble dots", "aria-label": app.$t.$typing }, h("i"), h("i"), h("i")))]);
  return out;
};
const greeting = () => div("row theirs first last", avatar(), div("col", div("who", app.$cfg.title), div("bubble", div("text", linked(app.$cfg.greeting)))));

const drawLog = (keep) => {
  const height = log.scrollHeight, top = log.scrollTop;
  const fresh = new Map();
  let place = more;
  for (const [key, version, make] of plan()) {
    let found = nodes.get(key);
    if (!found || found.version !== version) {
      const node = make();
      if (found) found.node.replaceWith(node);
      found = { version, node };
    }
    fresh.set(key, found);
    if (place.nextSibling !== found.node) place.after(found.node);
    place = found.node;
  }
  for (const [key, { node }] of nodes) if (fresh.get(key)?.node !== node) node.remove();
  nodes = fresh;
  more.hidden = !app.$more;
  if (keep) log.scrollTop = top + log.scrollHeight - height;
  else if (atEnd) toEnd();
};
const toEnd = () => { log.scrollTop = log.scrollHeight; };
const progress = (one) => {
  const bar = log.querySelector(`[data-for="${one.uuid}"]`);
  if (bar) bar.value = one.progress;
};
