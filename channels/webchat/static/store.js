// What the widget knows. Nothing is written to the browser before the visitor has written.
const app = {
  $lang: "en", $t: TEXTS.en, $base: null, $cfg: null, $token: null, $kept: false, $cursor: "",
  $messages: new Map(), $more: false, $pending: [], $state: { state: "none" }, $typing: 0,
  $open: false, $online: true, $profile: {}, $read: 0, $sound: false, $reply: null,
};
let storageKey = "";

const storage = (kind) => {
  try {
    return window[kind];
  } catch {
    return null;
  }
};
const load = () => {
  try {
    return JSON.parse(storage("localStorage").getItem(storageKey)) || {};
  } catch {
    return {};
  }
};
const save = () => {
  if (!app.$kept) return;
  const texts = app.$pending.filter((one) => !one.files.length && !one.error);
  const pending = texts.map(({ uuid, text, at, replyTo }) => ({ uuid, text, at, replyTo }));
  const { $token: token, $profile: profile, $read: read, $sound: sound } = app;
  try {
    storage("localStorage").setItem(storageKey, JSON.stringify({ token, profile, read, sound, pending }));
  } catch { /* private mode: the chat lives as long as the page */ }
};
const rememberOpen = () => {
  if (!app.$kept) return;
  try {
    storage("sessionStorage").setItem(storageKey, app.$open ? "1" : "");
  } catch { /* as above */ }
};
const wasOpen = () => {
  try {
    return app.$kept && storage("sessionStorage").getItem(storageKey) === "1";
  } catch {
    return false;
  }
};

const put = (message) => {
  const known = app.$messages.get(message.id);
  if (message.uuid) app.$pending = app.$pending.filter((one) => one.uuid !== message.uuid);
  app.$messages.set(message.id, message);
  return !known;
};
const sorted = () => [...app.$messages.values()].sort((a, b) => a.id - b.id);
const newest = () => Math.max(0, ...[...app.$messages.values()].filter((one) => !one.mine).map((one) => one.id));
const unread = () => sorted().filter((one) => !one.mine && one.id > app.$read && !one.read).length;

// Read by a person: somebody took the dialog, or answered, after it was written.
const seen = (message) => {
  const accepted = app.$state.accepted && new Date(app.$state.accepted) >= new Date(message.at);
  return accepted || sorted().some((one) => !one.mine && one.author && one.id > message.id);
};

const context = () => {
  const utm = {};
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (/^(utm_[a-z]+|gclid|yclid|fbclid)$/.test(key)) utm[key] = value.slice(0, 200);
  }
  return {
    page: location.href.slice(0, 1000), title: document.title.slice(0, 200),
    referrer: document.referrer.slice(0, 1000), utm, language: app.$lang,
  };
};
