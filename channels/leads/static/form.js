(() => {
  "use strict";
  const settings = __SETTINGS__;
  const tag = document.currentScript;
  const language = (tag.dataset.language || document.documentElement.lang || navigator.language || "ru").slice(0, 2);
  const words = settings.texts[language] || settings.texts.en;
  const action = new URL(settings.action || tag.src, tag.src).href;
  const MARKS = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "yclid", "fbclid"];
  const KEY = "pult.marks";

  // The marks of the first page count for the whole visit.
  const marks = () => {
    const query = new URLSearchParams(location.search);
    const here = Object.fromEntries(MARKS.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
    try {
      if (Object.keys(here).length) sessionStorage.setItem(KEY, JSON.stringify(here));
      return JSON.parse(sessionStorage.getItem(KEY) || "{}");
    } catch {
      return here;
    }
  };
  const cookie = (name) => (document.cookie.match(`(?:^|; )${name}=([^;]*)`) || [])[1] || "";
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const STYLE = `:host{display:block;font:16px/1.4 system-ui,sans-serif;max-width:26em}
    form{display:grid;gap:.7em}label{display:grid;gap:.2em}h2{margin:0;font-size:1.25em}
    input,textarea,button{font:inherit;padding:.55em .7em;border:1px solid #8a8f98;border-radius:8px;width:100%;box-sizing:border-box}
    button{background:#2b5fd9;color:#fff;border:0;cursor:pointer}button:disabled{opacity:.6}
    .trap{position:absolute;left:-9999px}small a{color:inherit}p{margin:0}p:empty{display:none}`;
  const TYPES = { phone: "tel", email: "email", name: "text" };
  const COMPLETE = { phone: "tel", email: "email", name: "name" };
  const field = (name) =>
    make("label", {}, words[name], name === "message"
      ? make("textarea", { name, rows: 3, maxlength: 4000 })
      : make("input", { name, type: TYPES[name], autocomplete: COMPLETE[name], maxlength: 200 }));

  const trap = make("div", { class: "trap", "aria-hidden": "true" },
    make("input", { name: settings.trap, tabindex: -1, autocomplete: "off" }));
  const button = make("button", { type: "submit" }, words.send);
  const status = make("p", { role: "status" });
  const form = make("form", {}, ...(settings.heading ? [make("h2", {}, settings.heading)] : []),
    ...settings.fields.map(field), trap, button, status);
  if (settings.privacy) {
    form.insertBefore(make("small", {}, make("a", { href: settings.privacy, target: "_blank" }, words.privacy)), status);
  }
  const host = make("div");
  host.attachShadow({ mode: "open" }).append(make("style", {}, STYLE), form);
  tag.after(host);
  marks();

  // The same id until it has arrived: a second try is not a second application.
  let id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.textContent = words.sending;
    const said = Object.fromEntries(new FormData(form));
    const about = { _id: id, page: location.href, roistat_visit: cookie("roistat_visit"), _ym_uid: cookie("_ym_uid") };
    try {
      const answer = await fetch(action, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Accept-Language": language },
        body: JSON.stringify({ ...marks(), ...about, ...said }),
      });
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.message);
      form.replaceChildren(status);
      status.textContent = words.thanks;
      id = "";
    } catch (error) {
      status.textContent = error instanceof TypeError ? words.failed : error.message;
      button.disabled = false;
    }
  });
})();
