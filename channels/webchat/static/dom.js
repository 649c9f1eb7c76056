// Nodes, icons, colours, times. Nothing here ever parses HTML.
const on = (node, names, heard) => [names].flat().forEach((name) => node.addEventListener(name, heard));
const h = (tag, props, ...kids) => {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === false || value == null) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...kids.flat().filter((kid) => kid != null && kid !== false));
  return node;
};
const div = (cls, ...kids) => h("div", { class: cls }, ...kids);

const ICONS = {
  chat: "M4 5.5A2.5 2.5 0 0 1 6.5 3h11A2.5 2.5 0 0 1 20 5.5v8a2.5 2.5 0 0 1-2.5 2.5H11l-4.3 3.9c-.5.45-1.2.1-1.2-.55V16A2.5 2.5 0 0 1 4 13.5zM8 8.2h8M8 11.2h5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  clip: "M19.5 11.5l-7.6 7.6a5 5 0 0 1-7.1-7.1l8-8a3.3 3.3 0 0 1 4.7 4.7l-7.9 7.9a1.7 1.7 0 0 1-2.4-2.4l7.2-7.2",
  file: "M13.5 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8.5zM13.5 3v5.5H19",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  mute: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4M4 4l16 16",
  clock: "M12 7.5V12l3 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
  tick: "M5 12.5l4.5 4.5L19 7.5",
  ticks: "M2 12.5l4.5 4.5L16 7.5M11.5 16l1 1L22 7.5",
  alert: "M12 7v6M12 16.5v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17",
  play: "M8 5.5v13l10.5-6.5z",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  reply: "M9.5 6L4 11.5 9.5 17M4 11.5h9a7 7 0 0 1 7 7",
};
const icon = (name) => {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  const path = document.createElementNS(ns, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "i " + name);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
};
const button = (cls, label, name, onclick) =>
  h("button", { type: "button", class: cls, "aria-label": label, title: label, onclick }, icon(name));

const light = (hex) => {
  const part = (at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
};
// Black or white, whichever reads better on the accent; white is given the benefit of the doubt.
const onColour = (hex) => (1.05 / (light(hex) + 0.05) >= 3.2 ? "#fff" : "#14161a");

const clockOf = (at) => at.toLocaleTimeString(app.$lang, { hour: "numeric", minute: "2-digit" });
const dayOf = (at) => {
  const key = (date) => date.toDateString();
  const now = new Date();
  if (key(at) === key(now)) return app.$t.$today;
  if (key(at) === key(new Date(now - 864e5))) return app.$t.$yesterday;
  const year = at.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return at.toLocaleDateString(app.$lang, { day: "numeric", month: "long", year });
};
const sizeOf = (bytes) => {
  const mb = bytes / 1048576;
  const number = (value, digits) => value.toLocaleString(app.$lang, { maximumFractionDigits: digits });
  return mb >= 1 ? `${number(mb, 1)} ${app.$t.$mb}` : `${number(Math.max(1, bytes / 1024), 0)} ${app.$t.$kb}`;
};
const seconds = (value) => `${Math.floor(value / 60)}:${String(Math.floor(value % 60)).padStart(2, "0")}`;
const fill = (text, ...values) => text.replace(/\{(\d)\}/g, (_, at) => values[at]);
const uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};
